# The Node side beside the binary: build/<preset>/{bin/patchbay, share/patchbay/{runtime-js, catalogue}}.
# runtime-js is linked, not copied: a change of JavaScript needs no build. `cmake --install` copies.
set(PATCHBAY_SHARE "${CMAKE_BINARY_DIR}/share/patchbay")
file(MAKE_DIRECTORY "${PATCHBAY_SHARE}")
file(CREATE_LINK "${CMAKE_SOURCE_DIR}/runtime-js" "${PATCHBAY_SHARE}/runtime-js" SYMBOLIC)

# The Node that runtime-js/package-lock.json pins; packaging/setup.sh installs it. Packagers may name another.
set(PATCHBAY_NODE "${CMAKE_SOURCE_DIR}/runtime-js/node_modules/.bin/node" CACHE FILEPATH "Node for tests")
if(NOT EXISTS "${PATCHBAY_NODE}")
  message(WARNING "${PATCHBAY_NODE} is missing: run ./run --build-only once, which installs it, or set PATCHBAY_NODE.")
endif()

# The starter connectors as a catalogue folder, made by the binary itself: anew when one of their files changes, comes or
# goes. A warning is an error here.
set(PATCHBAY_CATALOGUE "${PATCHBAY_SHARE}/catalogue")
set(connectors "${CMAKE_SOURCE_DIR}/connectors")
file(GLOB_RECURSE connector_files CONFIGURE_DEPENDS "${connectors}/patchbay/*")
list(FILTER connector_files EXCLUDE REGEX "/(node_modules|artifacts)/")
# Without it a file that goes would leave the catalogue as it was.
list(JOIN connector_files "\n" connector_list)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/connector_files.txt" CONTENT "${connector_list}\n" @ONLY)
add_custom_command(
  OUTPUT "${PATCHBAY_CATALOGUE}/index.json"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${PATCHBAY_CATALOGUE}"
  COMMAND patchbay catalogue build --strict --from "${connectors}/patchbay" --out "${PATCHBAY_CATALOGUE}"
  DEPENDS patchbay ${connector_files} "${CMAKE_BINARY_DIR}/connector_files.txt"
  COMMENT "Packing the starter connectors"
  VERBATIM)
add_custom_target(catalogue ALL DEPENDS "${PATCHBAY_CATALOGUE}/index.json")
