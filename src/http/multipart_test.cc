#include "http/multipart.h"

#include <gtest/gtest.h>

namespace patchbay::http {

namespace {
constexpr std::string_view kType = "multipart/form-data; boundary=xx";
}  // namespace

TEST(Multipart, PartsHaveNamesTypesAndBytes) {
  const std::string body =
      "--xx\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--xx\r\n"
      "Content-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\"; c.txt\"\r\ncontent-type: text/plain\r\n\r\n"
      "line\r\n--x not the end\r\n\r\n--xx--\r\n";
  auto parts = parseMultipart(kType, body);
  ASSERT_TRUE(parts.has_value()) << parts.error().message;
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].name, "note");
  EXPECT_EQ((*parts)[0].bytes, "hello");
  EXPECT_EQ((*parts)[1].filename, "a \"b\"; c.txt");
  EXPECT_EQ((*parts)[1].contentType, "text/plain");
  EXPECT_EQ((*parts)[1].bytes, "line\r\n--x not the end\r\n");
}

TEST(Multipart, EmptyContentAndPreambleAreFine) {
  auto parts = parseMultipart("Multipart/Form-Data; charset=utf-8; boundary=\"xx\"",
                              "ignored\r\n--xx\r\nContent-Disposition: form-data; name=file\r\n\r\n\r\n--xx--");
  ASSERT_TRUE(parts.has_value()) << parts.error().message;
  ASSERT_EQ(parts->size(), 1u);
  EXPECT_EQ((*parts)[0].name, "file");
  EXPECT_EQ((*parts)[0].bytes, "");
  EXPECT_TRUE(parseMultipart(kType, "--xx--")->empty());
}

TEST(Multipart, BrokenBodiesAreRefused) {
  const std::string part = "--xx\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncontent";
  for (const std::string& body :
       {std::string(), std::string("nothing"), std::string("--xx"), std::string("--xx\r\n"), part, part + "\r\n",
        std::string("--xxContent"), std::string("--xx\r\nNo colon\r\n\r\nx\r\n--xx--"),
        "--xx\r\nA: " + std::string(20'000, 'a') + "\r\n\r\nx\r\n--xx--"}) {
    EXPECT_FALSE(parseMultipart(kType, body).has_value()) << body.substr(0, 80);
  }
  EXPECT_FALSE(parseMultipart("multipart/form-data", part + "\r\n--xx--").has_value());
  EXPECT_FALSE(parseMultipart("application/json", "{}").has_value());
  EXPECT_FALSE(parseMultipart("multipart/form-data; boundary=" + std::string(71, 'b'), "x").has_value());
  std::string many;
  for (int i = 0; i < 101; ++i) {
    many += "--xx\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
  }
  EXPECT_FALSE(parseMultipart(kType, many + "--xx--").has_value());
}

}  // namespace patchbay::http
