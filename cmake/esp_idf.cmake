# The core as a component of ESP-IDF, which is configured by the Kconfig beside CMakeLists.txt.

get_filename_component(imqtt_root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
file(GLOB_RECURSE sources ${imqtt_root}/core/*.c)
idf_component_register(SRCS ${sources} INCLUDE_DIRS ${imqtt_root}/include PRIV_INCLUDE_DIRS ${imqtt_root})
target_compile_definitions(${COMPONENT_LIB} PUBLIC IMQTT_CONFIG="imqtt/config/kconfig.h")
target_compile_options(${COMPONENT_LIB} PUBLIC "SHELL:-include sdkconfig.h")
