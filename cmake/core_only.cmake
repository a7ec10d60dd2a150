# imqtt::imqtt in a project that has add_subdirectory()'d this one: the core, compiled as that project
# compiles, with the limits and families of IMQTT_CONFIG. jsmn.h must be found unless Aliyun is out.

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/*.c)
add_library(imqtt STATIC ${sources})
add_library(imqtt::imqtt ALIAS imqtt)
target_compile_features(imqtt PUBLIC c_std_11)
target_include_directories(imqtt PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR})
if(IMQTT_CONFIG)
  target_compile_definitions(imqtt PUBLIC IMQTT_CONFIG="${IMQTT_CONFIG}")
endif()
if(IMQTT_WERROR)
  target_compile_options(imqtt PRIVATE -Wall -Wextra -Wpedantic -Werror)
endif()
