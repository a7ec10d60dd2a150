# The page of web/, built into a target: needs Node and what `npm ci` installs (script/bootstrap).
# Without them the program is built without its page, and says so at its address.
option(IMQTT_PAGE "Build the page in, if Node is there" ON)

function(imqtt_add_page target)
  set(web ${CMAKE_SOURCE_DIR}/web)
  find_program(NODE node)
  if(NOT IMQTT_PAGE OR NOT NODE OR NOT EXISTS ${web}/node_modules/.package-lock.json)
    message(STATUS "imqttd is built without its page: that needs Node and `npm ci` in web/")
    return()
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/*)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/page_files.c)
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${NODE} ${web}/build.mjs --version ${PROJECT_VERSION} --c ${made}
    DEPENDS ${sources} ${web}/build.mjs ${web}/package-lock.json
    COMMENT "the page")
  target_sources(${target} PRIVATE ${made})
  target_compile_definitions(${target} PRIVATE IMQTTD_HAS_PAGE)
endfunction()
