# ./test --long as one CTest run, so that one closing line counts everything. Sourced by ./test.
#
# build/long/CTestTestfile.cmake joins the tests of the builds release, asan and tsan (cmake/joined_tests.cmake) and adds a
# test for each fuzz target, a program of the asan build. Compiling is a test too, which the tests of that stage require: what
# fails to compile is counted like what fails to run.

LONG_STAGES=${PATCHBAY_LONG:-release asan fuzz threads}
# What the stage threads compiles with ThreadSanitizer: rooms whose objects several threads share, and that need few others. The stage
# tsan compiles all and drives the server too; it is run by hand (make tsan).
THREADED="base_test queue_test runtime_test access_test outbound_test system_webhooks_test insights_test"
FUZZ_SECONDS=${PATCHBAY_FUZZ_SECONDS:-20}

# The build that a stage's tests are of.
presetOf() {
  case $1 in
    fuzz) echo asan ;;
    threads) echo tsan ;;
    *) echo "$1" ;;
  esac
}

# ThreadSanitizer is g++'s: clang 14's does not bear clone() with CLONE_VM, which starts processes (base/process_start.cc). It cannot
# start where the kernel spreads mappings widely.
fixedAddresses() { if setarch --addr-no-randomize true 2>/dev/null; then echo "setarch --addr-no-randomize"; fi; }

# buildTest STAGE [TARGET...]: a test that compiles and is the fixture of the stage's tests.
buildTest() {
  local stage=$1 target= preset
  preset=$(presetOf "$stage")
  shift
  [ "$#" = 0 ] || target="--target $*"
  cat <<END
_add_test(build_$stage cmake --build "$PWD/build/$preset" --parallel $PATCHBAY_JOBS $target)
_set_tests_properties(build_$stage PROPERTIES FIXTURES_SETUP built_$stage RUN_SERIAL TRUE TIMEOUT 2400 LABELS build)
END
}

# sanitizerTests STAGE TESTS [LAUNCHER...]: the tests of a build, or only those that TESTS names.
sanitizerTests() {
  local stage=$1 tests=$2
  shift 2
  buildTest "$stage" $tests
  echo "set(JOINED_STAGE $stage)"
  echo "set(JOINED_ONLY \"${tests// /;}\")"
  echo "join_build($(presetOf "$stage") $*)"
}

# Finds of the fuzzer are kept in build/fuzz/found, new inputs in build/fuzz/corpus; seeds are only read.
fuzzTests() {
  local file name program targets=()
  for file in tests/fuzz/*_fuzz.cc; do
    [ -e "$file" ] && targets+=("$(basename "$file" .cc)")
  done
  [ "${#targets[@]}" != 0 ] || return 0
  buildTest fuzz "${targets[@]}"
  for program in "${targets[@]}"; do
    name=${program%_fuzz}
    mkdir -p "build/fuzz/corpus/$name" build/fuzz/found "tests/fuzz/corpus/$name"
    cat <<END
_add_test(fuzz.$name "$PWD/build/asan/bin/$program" -max_total_time=$FUZZ_SECONDS -timeout=20 -rss_limit_mb=2048 -print_final_stats=1
  "-artifact_prefix=$PWD/build/fuzz/found/$name-" "$PWD/build/fuzz/corpus/$name" "$PWD/tests/fuzz/corpus/$name")
_set_tests_properties(fuzz.$name PROPERTIES FIXTURES_REQUIRED built_fuzz TIMEOUT $((FUZZ_SECONDS + 240)) LABELS libfuzzer)
END
  done
}

joinedTests() {
  local stage
  echo "set(JOINED_FOLDER \"$PWD/build\")"
  echo "include(\"$PWD/cmake/joined_tests.cmake\")"
  for stage in $LONG_STAGES; do
    case $stage in
      release) echo "set(JOINED_ONLY \"\")" && echo "join_build(release)" ;;
      asan) sanitizerTests asan "" ;;
      threads) sanitizerTests threads "$THREADED" $(fixedAddresses) ;;
      tsan) sanitizerTests tsan "" $(fixedAddresses) ;;
      fuzz) fuzzTests ;;
      *) die "PATCHBAY_LONG names the unknown stage $stage; there are release, asan, fuzz, threads and tsan." ;;
    esac
  done
}

# Arguments are those of ctest.
runLongTest() {
  local stage
  for stage in $LONG_STAGES; do
    configurePreset "$(presetOf "$stage")"
  done
  buildPreset release
  mkdir -p build/long
  joinedTests >build/long/CTestTestfile.cmake
  export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
  export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/tests/tsan_suppressions.txt}
  exec ctest --test-dir build/long --label-exclude '^left_out$' "$@" 9>&-
}
