# The Node side beside the binary: build/<preset>/{bin/patchbay, share/patchbay/{runtime-js, protocol, catalogue}}.
# runtime-js is linked, not copied: a change of JavaScript needs no build. `cmake --install` copies.
set(PATCHBAY_SHARE "${CMAKE_BINARY_DIR}/share/patchbay")
file(MAKE_DIRECTORY "${PATCHBAY_SHARE}")
file(CREATE_LINK "${CMAKE_SOURCE_DIR}/runtime-js" "${PATCHBAY_SHARE}/runtime-js" SYMBOLIC)
