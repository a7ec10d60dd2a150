# imqtt::imqtt alone: the core, compiled as the project that has add_subdirectory()'d this one
# compiles, or as the caller says; with the limits and families of IMQTT_CONFIG. jsmn.h must be found
# unless Aliyun is out.

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/*.c)
add_library(imqtt STATIC ${sources})
add_library(imqtt::imqtt ALIAS imqtt)
target_compile_features(imqtt PRIVATE c_std_11) # a project may be of C++ alone
target_include_directories(imqtt PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                 PRIVATE ${PROJECT_SOURCE_DIR})
if(IMQTT_CONFIG)
  target_compile_definitions(imqtt PUBLIC IMQTT_CONFIG="${IMQTT_CONFIG}")
endif()
if(IMQTT_WERROR)
  target_compile_options(imqtt PRIVATE -Wall -Wextra -Wpedantic -Werror)
endif()
if(IMQTT_INSTALL)
  install(TARGETS imqtt ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  include(${CMAKE_CURRENT_LIST_DIR}/deliver_core.cmake)
endif()
