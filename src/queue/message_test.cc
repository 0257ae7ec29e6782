#include "queue/message.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace patchbay::queue {
namespace {

PayloadPtr payload(PayloadId id) { return std::make_shared<const Payload>(Payload{id, "{}"}); }

TEST(MessageNames, ANameIsAUuidThatGivesBackItsId) {
  const MessageNames names(0x123456789abcdef0);
  for (const MessageId id : {MessageId{1}, MessageId{255}, MessageId{1} << 40, (MessageId{1} << 62) - 1}) {
    const std::string name = names.name(id);
    EXPECT_TRUE(base::isUuid(name)) << name;
    EXPECT_EQ(names.id(name), id);
  }
}

TEST(MessageNames, AStrangersUuidNamesNothing) {
  const MessageNames names(1), others(2);
  EXPECT_EQ(names.id(others.name(7)), 0);
  EXPECT_EQ(names.id("not a name"), 0);
}

TEST(Scope, TheLastOutputOfOneComponentAndPortWins) {
  ScopePtr scope = std::make_shared<const Scope>();
  scope = extendScope(scope, "a", "out", payload(1));
  scope = extendScope(scope, "b", "out", payload(2));
  scope = extendScope(scope, "a", "out", payload(3));
  EXPECT_EQ(writeScope(*scope), R"([["b","out",2],["a","out",3]])");
}

TEST(Scope, ReadsWhatItWrote) {
  ScopePtr scope = extendScope(std::make_shared<const Scope>(), "a \"quoted\"", "out", payload(5));
  const auto entries = readScope(writeScope(*scope));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].component, "a \"quoted\"");
  EXPECT_EQ(entries[0].payload, 5);
}

}  // namespace
}  // namespace patchbay::queue
