# What an application needs beside libimqtt.a: headers, imqtt.pc, and the CMake package whose
# find_package(imqtt) gives imqtt::imqtt. Who uses a library of IMQTT_CONFIG must be told of it.

include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/imqtt)
set(header_folder ${CMAKE_INSTALL_INCLUDEDIR})
set(archive_file ${CMAKE_INSTALL_LIBDIR}/libimqtt.a)
set(config_definition)
set(config_flag)
if(IMQTT_CONFIG AND NOT IMQTT_DAEMON)
  set(config_definition "IMQTT_CONFIG=\"${IMQTT_CONFIG}\"")
  set(config_flag " -DIMQTT_CONFIG=\\\"${IMQTT_CONFIG}\\\"")
endif()

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/imqttConfig.cmake.in ${PROJECT_BINARY_DIR}/package/imqttConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS archive_file header_folder)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/imqttConfigVersion.cmake
                                 VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
configure_file(${PROJECT_SOURCE_DIR}/cmake/imqtt.pc.in ${PROJECT_BINARY_DIR}/package/imqtt.pc @ONLY)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/imqtt DESTINATION ${header_folder})
install(FILES ${PROJECT_BINARY_DIR}/package/imqttConfig.cmake
              ${PROJECT_BINARY_DIR}/package/imqttConfigVersion.cmake
        DESTINATION ${package_folder})
install(FILES ${PROJECT_BINARY_DIR}/package/imqtt.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
