#include "engine/quota/waiting_lines.h"

#include <gtest/gtest.h>

namespace patchbay::engine {

namespace {

TEST(WaitingLines, KeepTheOrderQueued) {
  WaitingLines lines;
  lines.put("f", "c", 5, 500);
  lines.put("f", "c", 9, 900);
  lines.put("f", "c", 7, 700);
  WaitingLine* line = lines.find("f", "c");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->front().id, 5);
  EXPECT_EQ(line->back().due, 900);
  EXPECT_EQ(line->before(5), 0U);
  EXPECT_EQ(line->before(8), 2U);
  EXPECT_EQ(line->before(10), 3U);
  EXPECT_EQ(line->find(8), nullptr);
  lines.put("f", "c", 7, 750);
  EXPECT_EQ(line->find(7)->due, 750);
  EXPECT_EQ(line->size(), 3U);
}

TEST(WaitingLines, AreHastenedTogether) {
  WaitingLines lines;
  lines.put("f", "c", 5, 500);
  lines.put("g", "c", 6, 600);
  auto ids = lines.hasten(550);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, (std::vector<queue::MessageId>{5, 6}));
  EXPECT_EQ(lines.find("f", "c")->find(5)->due, 500);
  EXPECT_EQ(lines.find("g", "c")->find(6)->due, 550);
}

TEST(WaitingLines, AreGoneWithTheirLastMessageOrTheirFlow) {
  WaitingLines lines;
  lines.put("f", "c", 5, 500);
  lines.put("f", "d", 6, 600);
  lines.remove("f", "c", 5);
  EXPECT_EQ(lines.find("f", "c"), nullptr);
  lines.remove("f", "c", 5);
  lines.forgetFlow("f");
  EXPECT_EQ(lines.find("f", "d"), nullptr);
}

}  // namespace

}  // namespace patchbay::engine
