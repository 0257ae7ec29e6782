# `cmake --install build/release --prefix DIR` lays out bin/patchbay and share/patchbay/{runtime-js, catalogue, backoffice}: all that a
# server needs, Node and the npm packages included. The binary finds them relative to itself.
if(TARGET patchbay)
  install(TARGETS patchbay RUNTIME DESTINATION bin)
endif()
install(DIRECTORY "${PATCHBAY_CATALOGUE}" DESTINATION share/patchbay)
if(PATCHBAY_WITH_BACKOFFICE)
  install(DIRECTORY "${PATCHBAY_PAGE}" DESTINATION share/patchbay)
endif()
install(DIRECTORY "${CMAKE_SOURCE_DIR}/runtime-js" DESTINATION share/patchbay USE_SOURCE_PERMISSIONS
  REGEX "/runtime-js/test$" EXCLUDE
  REGEX "/node_modules/\\.(patchbay-lock|cache)$" EXCLUDE)
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION share/doc/patchbay)
