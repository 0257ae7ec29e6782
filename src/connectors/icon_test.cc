#include "connectors/icon.h"

#include <gtest/gtest.h>

namespace patchbay::connectors {
namespace {

TEST(Icon, ReadsPicturesInBothForms) {
  const auto png = readIcon("data:image/png;base64,aGVsbG8=");
  ASSERT_TRUE(png);
  EXPECT_EQ(png->mime + " " + png->bytes, "image/png hello");
  const auto svg = readIcon("DATA:image/svg+xml;utf8,%3Csvg/%3E");
  ASSERT_TRUE(svg);
  EXPECT_EQ(svg->mime + " " + svg->bytes, "image/svg+xml <svg/>");
  EXPECT_EQ(readIcon("data:image/png;base64,aGVsbG8")->bytes, "hello");
  EXPECT_EQ(readIcon("data:image/png;base64,aGVs%0AbG8=")->bytes, "hello");
  EXPECT_EQ(readIcon("data:image/jpg;base64,aGVsbG8=")->mime, "image/jpeg");
}

TEST(Icon, RefusesWhatIsNoPicture) {
  for (const char* text :
       {"", "icon.png", "https://x.org/icon.png", "data:text/html,<script>", "data:,x",
        "data:image/png;base64,", "data:image/png;base64,a", "data:image/png;base64,!!!!",
        "data:image/svg+xml", "javascript:alert(1)"}) {
    EXPECT_FALSE(readIcon(text)) << text;
  }
  EXPECT_FALSE(readIcon("data:image/png;base64," + std::string(3U << 20, 'A')));
}

}  // namespace
}  // namespace patchbay::connectors
