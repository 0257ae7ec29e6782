#include "base/clock.h"

#include <gtest/gtest.h>

namespace patchbay::base {

TEST(Clock, TimesAreWrittenWithMilliseconds) {
  EXPECT_EQ(toIso(fromMillis(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(toIso(fromMillis(1'772'352'000'007)), "2026-03-01T08:00:00.007Z");
  EXPECT_EQ(toIso(fromMillis(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(toIso(fromMillis(951'782'400'000)), "2000-02-29T00:00:00.000Z");
}

TEST(Clock, TimesAreReadBack) {
  for (const std::int64_t millis : {std::int64_t{0}, std::int64_t{1'772'352'000'007}, std::int64_t{-1}}) {
    EXPECT_EQ(parseIso(toIso(fromMillis(millis))), fromMillis(millis));
  }
  EXPECT_EQ(parseIso("2026-03-01T08:00:00Z"), fromMillis(1'772'352'000'000));
}

TEST(Clock, OtherFormsAreNotTimes) {
  for (const char* text :
       {"", "now", "2026-03-01", "2026-03-01T08:00:00", "2026-03-01T08:00:00.0Z", "2026-03-01T08:00:00.1234Z",
        "2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T08:60:00Z",
        "2026-03-01 08:00:00Z", "2026-03-01T08:00:00+01:00", "2026-03-01T08:00:00Zx"}) {
    EXPECT_EQ(parseIso(text), std::nullopt) << text;
  }
}

}  // namespace patchbay::base
