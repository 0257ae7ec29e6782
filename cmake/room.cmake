# room(<name> [DEPENDS <room>...] [LIBS <library>...])
#
# Makes the library room_<name> from every .cc below the calling folder, and the test program <name>_test from every
# *_test.cc; a subfolder with a build file of its own is another room. DEPENDS lists the rooms it may include: the build
# file is the architecture diagram (docs/architecture.md).
function(room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  file(GLOB inner CONFIGURE_DEPENDS */CMakeLists.txt)
  foreach(file IN LISTS inner)
    cmake_path(GET file PARENT_PATH folder)
    list(FILTER sources EXCLUDE REGEX "^${folder}/")
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(rooms "")
  foreach(depend IN LISTS ROOM_DEPENDS)
    list(APPEND rooms room_${depend})
  endforeach()

  if(NOT sources)
    message(STATUS "room ${name} has no sources yet")
    add_library(room_${name} INTERFACE)
    return()
  endif()
  add_library(room_${name} STATIC ${sources})
  target_include_directories(room_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(room_${name} PUBLIC ${rooms} ${ROOM_LIBS} Threads::Threads)
  room_warnings(room_${name})
  room_precompiled(room_${name})
  if(tests AND (NOT PATCHBAY_TESTED_ROOMS OR name IN_LIST PATCHBAY_TESTED_ROOMS))
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
  test_precompiled(${program})
  add_test(NAME ${program} COMMAND ${program})
  set_tests_properties(${program} PROPERTIES TIMEOUT 300 LABELS unit)
endfunction()

function(room_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow)
  if(PATCHBAY_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# Two precompiled headers: that of the rooms holds the standard library, Boost.JSON and Boost.Asio's pool, nothing of ours; that of
# the test programs GoogleTest and GoogleMock too, which cost more than most tests to read.
set(PRECOMPILED
  <algorithm> <atomic> <chrono> <condition_variable> <cstdint> <deque> <filesystem> <functional> <future> <map> <memory> <mutex>
  <optional> <set> <span> <string> <string_view> <unordered_map> <variant> <vector> <boost/json.hpp> <boost/asio/thread_pool.hpp>)

function(room_precompiled target)
  precompile(patchbay_precompiled ${target} LIBS Boost::json Threads::Threads HEADERS ${PRECOMPILED})
endfunction()

# The code of tests is not optimised: compiling it would take longer than the rooms that it tests.
function(test_precompiled target)
  precompile(patchbay_precompiled_tests ${target} FLAGS -O0
    LIBS Boost::json Threads::Threads GTest::gtest GTest::gmock HEADERS ${PRECOMPILED} <gmock/gmock.h> <gtest/gtest.h>)
endfunction()

# precompile(<name> <target> FLAGS <flag>... LIBS <library>... HEADERS <header>...): `target` uses the precompiled header `name`, made at first use.
function(precompile name target)
  cmake_parse_arguments(HEADER "" "" "FLAGS;LIBS;HEADERS" ${ARGN})
  if(NOT TARGET ${name})
    file(WRITE "${CMAKE_BINARY_DIR}/${name}.cc.in" "// carries a precompiled header\n")
    configure_file("${CMAKE_BINARY_DIR}/${name}.cc.in" "${CMAKE_BINARY_DIR}/${name}.cc" COPYONLY)
    add_library(${name} OBJECT "${CMAKE_BINARY_DIR}/${name}.cc")
    target_link_libraries(${name} PUBLIC ${HEADER_LIBS})
    target_compile_options(${name} PRIVATE ${HEADER_FLAGS})
    target_precompile_headers(${name} PRIVATE ${HEADER_HEADERS})
  endif()
  target_compile_options(${target} PRIVATE ${HEADER_FLAGS})
  target_precompile_headers(${target} REUSE_FROM ${name})
endfunction()
