# imqtt_flags: what every target compiles with. imqtt_linux: what programs on Linux add; the core
# goes without, because it may call nothing but the mem functions and strlen.

add_library(imqtt_flags INTERFACE)
target_include_directories(imqtt_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include)
target_compile_options(imqtt_flags INTERFACE -Wall -Wextra -Wpedantic $<$<BOOL:${IMQTT_WERROR}>:-Werror>)

add_library(imqtt_linux INTERFACE)
target_compile_definitions(imqtt_linux INTERFACE _GNU_SOURCE IMQTT_VERSION="${PROJECT_VERSION}")

if(IMQTT_FUZZ)
  set(sanitizers address,undefined,fuzzer-no-link)
elseif(IMQTT_SANITIZE)
  set(sanitizers address,undefined)
elseif(IMQTT_SANITIZE_THREADS)
  set(sanitizers thread)
endif()

if(sanitizers)
  set(sanitize -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_compile_options(imqtt_flags INTERFACE ${sanitize})
  target_link_options(imqtt_flags INTERFACE ${sanitize})
elseif(IMQTT_COVERAGE)
  target_compile_options(imqtt_flags INTERFACE --coverage -O0 -g)
  target_link_options(imqtt_flags INTERFACE --coverage)
else()
  target_compile_options(imqtt_linux INTERFACE -fstack-protector-strong -D_FORTIFY_SOURCE=2)
  target_link_options(imqtt_linux INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
