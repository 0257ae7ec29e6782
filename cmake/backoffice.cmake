# The Backoffice as static files beside the binary: build/<preset>/share/patchbay/backoffice. Its types are checked first: what
# does not fit the REST routes of src/api/routes.gen.ts does not build. Sanitizer builds leave it out.
option(PATCHBAY_WITH_BACKOFFICE "Build the web page" ON)
if(NOT PATCHBAY_WITH_BACKOFFICE)
  return()
endif()

set(page "${CMAKE_SOURCE_DIR}/backoffice")
set(PATCHBAY_PAGE "${PATCHBAY_SHARE}/backoffice")
file(GLOB_RECURSE page_files CONFIGURE_DEPENDS "${page}/src/*" "${page}/public/*")
list(JOIN page_files "\n" page_list)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/page_files.txt" CONTENT "${page_list}\n" @ONLY)
add_custom_command(
  OUTPUT "${PATCHBAY_PAGE}/index.html"
  COMMAND "${PATCHBAY_NODE}" node_modules/typescript/bin/tsc --noEmit
  COMMAND "${CMAKE_COMMAND}" -E env "PATCHBAY_BACKOFFICE_OUT=${PATCHBAY_PAGE}" "${PATCHBAY_NODE}" node_modules/vite/bin/vite.js build --logLevel warn
  DEPENDS ${page_files} "${CMAKE_BINARY_DIR}/page_files.txt" "${page}/package-lock.json" "${page}/index.html" "${page}/vite.config.ts" "${page}/tsconfig.json"
  WORKING_DIRECTORY "${page}"
  COMMENT "Building the Backoffice"
  VERBATIM)
add_custom_target(backoffice ALL DEPENDS "${PATCHBAY_PAGE}/index.html")
