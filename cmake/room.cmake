# room(<name> [DEPENDS <room>...] [LIBS <library>...])
#
# Makes the library room_<name> from every .cc below the calling folder, and the test program <name>_test from every
# *_test.cc. DEPENDS lists the rooms it may include: the build file is the architecture diagram (docs/architecture.md).
function(room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(rooms "")
  foreach(depend IN LISTS ROOM_DEPENDS)
    list(APPEND rooms room_${depend})
  endforeach()

  add_library(room_${name} STATIC ${sources})
  target_include_directories(room_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(room_${name} PUBLIC ${rooms} ${ROOM_LIBS} Threads::Threads)
  room_warnings(room_${name})
  room_precompiled(room_${name})
  if(tests)
    room_test(${name}_test SOURCES ${tests} DEPENDS ${name})
  endif()
endfunction()

# room_test(<program> SOURCES <file>... DEPENDS <room>...): a GoogleTest program, each of its tests known to CTest.
function(room_test program)
  cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS;LIBS" ${ARGN})
  add_executable(${program} ${TEST_SOURCES})
  foreach(depend IN LISTS TEST_DEPENDS)
    target_link_libraries(${program} PRIVATE room_${depend})
  endforeach()
  target_link_libraries(${program} PRIVATE ${TEST_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${program} PRIVATE
    PATCHBAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}" PATCHBAY_BINARY_DIR="${CMAKE_BINARY_DIR}")
  room_warnings(${program})
  room_precompiled(${program})
  add_test(NAME ${program} COMMAND ${program})
  set_tests_properties(${program} PROPERTIES TIMEOUT 300 LABELS unit)
endfunction()

function(room_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow)
  if(PATCHBAY_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# One precompiled header for all rooms: the standard library and Boost.JSON, nothing of ours.
function(room_precompiled target)
  if(NOT TARGET patchbay_precompiled)
    file(WRITE "${CMAKE_BINARY_DIR}/precompiled.cc.in" "// carries the precompiled header\n")
    configure_file("${CMAKE_BINARY_DIR}/precompiled.cc.in" "${CMAKE_BINARY_DIR}/precompiled.cc" COPYONLY)
    add_library(patchbay_precompiled OBJECT "${CMAKE_BINARY_DIR}/precompiled.cc")
    target_link_libraries(patchbay_precompiled PUBLIC Boost::json Threads::Threads)
    target_precompile_headers(patchbay_precompiled PRIVATE
      <algorithm> <atomic> <chrono> <cstdint> <deque> <functional> <map> <memory> <mutex> <optional> <set> <span>
      <string> <string_view> <unordered_map> <variant> <vector> <boost/json.hpp>)
  endif()
  target_precompile_headers(${target} REUSE_FROM patchbay_precompiled)
endfunction()
