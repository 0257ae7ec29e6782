#include "base/json.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace patchbay::json {

namespace {

std::string number(double value) {
  std::string text;
  writeNumber(value, text);
  return text;
}

std::string quoted(std::string_view value) {
  std::string text;
  writeString(value, text);
  return text;
}

}  // namespace

// The texts are those of String(x) and JSON.stringify(x) in JavaScript.
TEST(JsonWrite, NumbersAsJavaScriptWritesThem) {
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(-0.0), "0");
  EXPECT_EQ(number(1), "1");
  EXPECT_EQ(number(-1), "-1");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(number(100), "100");
  EXPECT_EQ(number(123456.789), "123456.789");
  EXPECT_EQ(number(1e20), "100000000000000000000");
  EXPECT_EQ(number(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(number(1e21), "1e+21");
  EXPECT_EQ(number(1.5e21), "1.5e+21");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(0.000001), "0.000001");
  EXPECT_EQ(number(0.00000123), "0.00000123");
  EXPECT_EQ(number(1e-7), "1e-7");
  EXPECT_EQ(number(-1.25e-7), "-1.25e-7");
  EXPECT_EQ(number(9007199254740993.0), "9007199254740992");
  EXPECT_EQ(number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(number(5e-324), "5e-324");
  EXPECT_EQ(number(std::nan("")), "null");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWrite, IntegersAreDoublesInJavaScript) {
  EXPECT_EQ(write(parseOwn("9007199254740993")), "9007199254740992");
  EXPECT_EQ(write(parseOwn("18446744073709551615")), "18446744073709552000");
  EXPECT_EQ(write(parseOwn("-9223372036854775808")), "-9223372036854776000");
  EXPECT_EQ(write(parseOwn("9007199254740991")), "9007199254740991");
  EXPECT_EQ(write(parseOwn("1.0")), "1");
  EXPECT_EQ(write(parseOwn("1e3")), "1000");
  EXPECT_EQ(write(parseOwn("123456789012345678901234567890")), "1.2345678901234568e+29");
}

TEST(JsonWrite, StringsAsJavaScriptWritesThem) {
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(quoted(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(quoted("\xc3\xa9\xf0\x9f\x98\x80\xe2\x80\xa8"), "\"\xc3\xa9\xf0\x9f\x98\x80\xe2\x80\xa8\"");
}

TEST(JsonWrite, ObjectsKeepTheirOrder) {
  const std::string text = R"({"z":1,"a":{"y":[true,false,null],"b":"x"},"m":[]})";
  EXPECT_EQ(write(parseOwn(text)), text);
  value document = parseOwn(text);
  eraseKey(document.as_object(), "z");
  document.as_object()["new"] = 1;
  eraseKey(document.as_object(), "absent");
  EXPECT_EQ(write(document), R"({"a":{"y":[true,false,null],"b":"x"},"m":[],"new":1})");
}

TEST(JsonParse, WhatIsNotJsonIsRefusedByName) {
  for (const char* text : {"", "{", "{\"a\":}", "[1,]", "nul", "\"\x01\"", "\"\xff\"", "1 2", "NaN", "{'a':1}"}) {
    auto parsed = parse(text, "The body");
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, base::Code::kInvalid);
    EXPECT_NE(parsed.error().message.find("The body"), std::string::npos);
  }
  EXPECT_TRUE(parse(" {\"a\" : [1] } ", "The body").has_value());
}

TEST(JsonParse, DepthIsBounded) {
  EXPECT_TRUE(parse(std::string(100, '[') + std::string(100, ']'), "x").has_value());
  EXPECT_FALSE(parse(std::string(200, '[') + std::string(200, ']'), "x").has_value());
}

TEST(JsonMembers, HaveTypesAndDefaults) {
  const value document = parseOwn(R"({"s":"x","b":true,"i":3,"d":3.5,"w":4.0,"a":["p",1,"q"],"o":{"k":1},"n":null})");
  const object& members = document.as_object();
  EXPECT_EQ(getString(members, "s"), "x");
  EXPECT_EQ(getString(members, "i", "none"), "none");
  EXPECT_TRUE(getBool(members, "b"));
  EXPECT_TRUE(getBool(members, "s", true));
  EXPECT_EQ(getInt(members, "i"), 3);
  EXPECT_EQ(getInt(members, "w"), 4);
  EXPECT_EQ(getInt(members, "d"), std::nullopt);
  EXPECT_EQ(getInt(members, "s"), std::nullopt);
  EXPECT_EQ(getInt(members, "absent"), std::nullopt);
  EXPECT_EQ(getObject(members, "o").size(), 1u);
  EXPECT_TRUE(getObject(members, "a").empty());
  EXPECT_EQ(getArray(members, "a").size(), 3u);
  EXPECT_EQ(getStrings(members, "a"), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(find(document, "absent"), nullptr);
  EXPECT_EQ(find(value(1), "k"), nullptr);
}

}  // namespace patchbay::json
