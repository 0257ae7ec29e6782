# Language, warnings, sanitizers and linker of every room. Presets set these; packagers may.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
# A room is a static library; position independence is not needed.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

option(PATCHBAY_WERROR "Warnings are errors" ON)
option(PATCHBAY_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
set(PATCHBAY_TESTED_ROOMS "" CACHE STRING "Rooms whose unit tests are built, and nothing of tests/ that is not end to end; empty = all")
set(PATCHBAY_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")

if(PATCHBAY_SANITIZE)
  add_compile_options(-fsanitize=${PATCHBAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${PATCHBAY_SANITIZE})
  if(PATCHBAY_SANITIZE MATCHES undefined)
    # Checks of every pointer cost a third of the compile; AddressSanitizer finds what they would.
    add_compile_options(-fno-sanitize=null,vptr,alignment,object-size,nonnull-attribute,returns-nonnull-attribute)
  endif()
  if(PATCHBAY_SANITIZE MATCHES address)
    # Calls instead of inlined checks: compiles in four fifths of the time.
    add_compile_options("SHELL:$<$<CXX_COMPILER_ID:Clang>:-mllvm -asan-instrumentation-with-call-threshold=0>")
  endif()
  if(PATCHBAY_SANITIZE MATCHES thread)
    # Asio's fences, which gcc's thread sanitizer does not model; Asio's queues are behind mutexes too.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
if(PATCHBAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(PATCHBAY_MOLD mold)
if(PATCHBAY_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(PATCHBAY_CCACHE ccache)
if(PATCHBAY_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;CCACHE_PCH_EXTSUM=1;${PATCHBAY_CCACHE}")
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
