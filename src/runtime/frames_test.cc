#include "runtime/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "runtime/frame_reader.h"
#include "runtime/frame_writer.h"
#include "runtime/json_scalars.h"

namespace patchbay::runtime {
namespace {

// Keeps the line of the last frame with its padding.
class Decoding {
 public:
  const UpFrame& frame(std::string_view text) {
    const auto result = decode(text);
    EXPECT_TRUE(result.has_value()) << text << ": " << (result ? "" : result.error().message);
    return result ? **result : empty_;
  }
  std::string problem(std::string_view text) {
    const auto result = decode(text);
    return result ? "" : result.error().message;
  }

 private:
  base::Result<const UpFrame*> decode(std::string_view text) {
    line_ = std::string(text);
    line_.resize(text.size() + kFramePadding, '#');
    return decoder_.decode({line_.data(), text.size()});
  }
  FrameDecoder decoder_;
  std::string line_;
  UpFrame empty_;
};

TEST(FrameDecoder, DoneHasItsSendsAsSlices) {
  Decoding decoding;
  const UpFrame& frame = decoding.frame(
      R"({"t":"done","id":7,"sends":[{"port":"o\u0075t","payload":{"a":[1, 2]} ,"contentType":"text/xml","scope":{"s":1}},{"payload":"x\"y","port":"b","headers":{}}],"url":true,"value": [1],"response": {"status":200} })");
  EXPECT_EQ(frame.type, FrameType::kDone);
  EXPECT_EQ(frame.id, 7u);
  EXPECT_TRUE(frame.tookUrl);
  EXPECT_EQ(frame.value, "[1]");
  EXPECT_EQ(frame.response, R"({"status":200})");
  ASSERT_EQ(frame.sends.size(), 2u);
  EXPECT_EQ(frame.sends[0].port, "out");
  EXPECT_EQ(frame.sends[0].payload, R"({"a":[1, 2]})");
  EXPECT_EQ(frame.sends[0].scope, R"({"s":1})");
  EXPECT_EQ(frame.sends[0].headers, "");
  EXPECT_EQ(frame.sends[0].contentType, R"("text/xml")");
  EXPECT_EQ(frame.sends[1].port, "b");
  EXPECT_EQ(frame.sends[1].payload, R"("x\"y")");
  EXPECT_EQ(frame.sends[1].headers, "{}");
}

TEST(FrameDecoder, MembersMayComeInAnyOrderAndUnknownOnesAreIgnored) {
  Decoding decoding;
  const UpFrame& frame = decoding.frame(
      R"({"a":{"key":null},"new":[{"x":[]}],"q":2,"op":"stateGet","id":9,"t":"host"})");
  EXPECT_EQ(frame.type, FrameType::kHost);
  EXPECT_EQ(frame.q, 2u);
  EXPECT_EQ(frame.op, "stateGet");
  EXPECT_EQ(frame.arguments, R"({"key":null})");
}

TEST(FrameDecoder, EmitMayHaveNoNumber) {
  Decoding decoding;
  EXPECT_FALSE(decoding.frame(R"({"t":"emit","id":1,"sends":[]})").q.has_value());
  EXPECT_EQ(decoding.frame(R"({"t":"emit","id":1,"q":5,"sends":[]})").q, 5u);
}

TEST(FrameDecoder, SendWithoutPayloadSendsNull) {
  Decoding decoding;
  EXPECT_EQ(decoding.frame(R"({"t":"emit","id":1,"sends":[{"port":"out"}]})").sends[0].payload,
            "null");
}

TEST(FrameDecoder, TheOtherKinds) {
  Decoding decoding;
  EXPECT_EQ(decoding.frame(R"({"t":"ready","node":"24.0.0"})").node, "24.0.0");
  EXPECT_EQ(decoding.frame(R"({"t":"pong","n":3,"heap":5000000,"rss":50000000})").rss, 50000000u);
  EXPECT_EQ(decoding.frame(R"({"t":"fail","id":1,"kind":"token","err":{"name":"E"}})").kind,
            FailKind::kToken);
  EXPECT_EQ(
      decoding.frame(R"({"t":"log","id":1,"level":"info","message":"a\nb","data":3.5})").message,
      "a\nb");
  const UpFrame& mapped =
      decoding.frame(R"({"t":"mapped","id":1,"value":1e400,"warnings":["w\t1"]})");
  EXPECT_EQ(mapped.value, "1e400");
  ASSERT_EQ(mapped.warnings.size(), 1u);
  EXPECT_EQ(mapped.warnings[0], "w\t1");
}

TEST(FrameDecoder, NumbersThatJavaScriptWritesAreTaken) {
  Decoding decoding;
  EXPECT_EQ(decoding.frame(R"({"t":"mapped","id":1,"value":100000000000000000000})").value,
            "100000000000000000000");
  EXPECT_EQ(decoding.frame(R"({"t":"mapped","id":1,"value":[1e+21,-0,5e-324]})").value,
            "[1e+21,-0,5e-324]");
}

TEST(FrameDecoder, HalfASurrogatePairBecomesTheReplacementCharacter) {
  Decoding decoding;
  EXPECT_EQ(
      decoding
          .frame(R"({"t":"mapped","id":1,"value":{"\ud800x":["\udc00","\ud83d\ude00","\ud83d"]}})")
          .value,
      R"({"\ufffdx":["\ufffd","\ud83d\ude00","\ufffd"]})");
  EXPECT_EQ(decoding.frame(R"({"t":"log","id":1,"level":"info","message":"cut \ud83d"})").message,
            "cut \xEF\xBF\xBD");
}

TEST(FrameDecoder, HostileFramesAreRefused) {
  Decoding decoding;
  for (const char* text : {"",
                           "{",
                           "[]",
                           "1",
                           "null",
                           "{}",
                           "{\"t\":1}",
                           "{\"t\":\"call\",\"id\":1}",
                           "{\"t\":\"done\",\"id\":1}",
                           R"({"t":"done","id":-1,"sends":[]})",
                           R"({"t":"done","id":1.5,"sends":[]})",
                           R"({"t":"done","id":"1","sends":[]})",
                           R"({"t":"done","id":99999999999999999999,"sends":[]})",
                           R"({"t":"done","id":1,"sends":{}})",
                           R"({"t":"done","id":1,"sends":[1]})",
                           R"({"t":"done","id":1,"sends":[{}]})",
                           R"({"t":"done","id":1,"sends":[{"port":1}]})",
                           R"({"t":"done","id":1,"sends":[]}x)",
                           R"({"t":"done","id":1,"sends":[]} {})",
                           R"({"t":"done","id":1,"sends":[]},)",
                           R"({"t":"done","id":1,"sends":[],"value":tru})",
                           R"({"t":"done","id":1,"sends":[],"value":truex})",
                           R"({"t":"done","id":1,"sends":[],"value":01})",
                           R"({"t":"done","id":1,"sends":[],"value":1x})",
                           R"({"t":"done","id":1,"sends":[],"value":1 x})",
                           R"({"t":"done","id":1,"sends":[],"value":{a:1}})",
                           R"({"t":"done","id":1,"sends":[],"value":{"a" 1}})",
                           R"({"t":"done","id":1,"sends":[],"value":{"a":1,}})",
                           R"({"t":"done","id":1,"sends":[],"value":[1,]})",
                           R"({"t":"done","id":1,"sends":[],"value":[1}})",
                           R"({"t":"done","id":1,"sends":[],"value":{"a":[}]})",
                           R"({"t":"done","id":1,"sends":[],"value":"\x"})",
                           R"({"t":"done","id":1,"sends":[],"value":"\u12"})",
                           R"({"t":"done","id":1,"sends":[],"value":NaN})",
                           R"({"t":"done","id":1,"sends":[],"value":["a""b"]})",
                           R"({"t":"done","id":1,"sends":[],"value":{"\q":1}})",
                           R"({"t":"done","id":1,"sends":[],"value":'a'})",
                           "{\"t\":\"done\",\"id\":1,\"sends\":[],\"value\":\"\t\"}",
                           "{\"t\":\"done\",\"id\":1,\"sends\":[],\"value\":\"\xff\"}",
                           R"({"t":"done","id":1,"sends":[],"url":1})",
                           R"({"t":"fail","id":1,"kind":"other","err":{}})",
                           R"({"t":"mapped","id":1,"warnings":"w"})",
                           R"({"t":"done","id":1,"sends":[],"value":)",
                           R"({"t":"done","id":1,"sends":[)"}) {
    EXPECT_NE(decoding.problem(text), "") << text;
  }
  EXPECT_THAT(decoding.problem(R"({"t":"emit","id":1,"sends":[{"port":"out","payload":1,"contentType":{"a":1}}]})"), testing::HasSubstr("contentType"));
  EXPECT_EQ(decoding.problem(R"({"t":"emit","id":1})"),
            "A frame of type \"emit\" has no member \"sends\"");
  EXPECT_EQ(decoding.problem(R"({"id":1})"), "A frame has no member \"t\"");
}

TEST(FrameDecoder, DepthIsBounded) {
  Decoding decoding;
  const auto nested = [](std::size_t depth) {
    return R"({"t":"mapped","id":1,"value":)" + std::string(depth, '[') + std::string(depth, ']') +
           "}";
  };
  EXPECT_EQ(decoding.problem(nested(kMaxFrameDepth)), "");
  EXPECT_THAT(decoding.problem(nested(kMaxFrameDepth + 1)), testing::HasSubstr("levels deep"));
  EXPECT_NE(decoding.problem(nested(1000000)), "");
}

// What is let through must be JSON for every reader behind us.
TEST(FrameDecoder, SlicesAreJsonForTheDocumentParserToo) {
  Decoding decoding;
  const UpFrame& frame =
      decoding.frame(R"({"t":"mapped","id":1,"value": {"a":[1,"\ud800",{"b":null}],"c":-1.5e3} })");
  EXPECT_TRUE(json::parse(frame.value, "value").has_value());
}

TEST(FrameDecoder, ReadsEveryGoldenFrame) {
  Decoding decoding;
  std::size_t frames = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(PATCHBAY_SOURCE_DIR "/protocol/golden")) {
    std::ifstream stream(file.path());
    const std::string text((std::istreambuf_iterator<char>(stream)),
                           std::istreambuf_iterator<char>());
    const json::value steps = json::parseOwn(text);
    for (const json::value& step : steps.as_array()) {
      if (json::getString(step.get_object(), "from") != "engine") {
        const std::string line = json::write(step.get_object().at("frame"));
        EXPECT_EQ(decoding.problem(line), "") << file.path() << " " << line;
        ++frames;
      }
    }
  }
  EXPECT_GT(frames, 50u);
}

TEST(JsonScalars, Numbers) {
  for (const char* good :
       {"0", "-0", "10", "1.5", "1e5", "1E+5", "-1.5e-5", "123456789012345678901234567890"}) {
    EXPECT_TRUE(isJsonNumber(good)) << good;
  }
  for (const char* bad : {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1x", "0x1", "--1", "1.5.5",
                          "Infinity", "1 "}) {
    EXPECT_FALSE(isJsonNumber(bad)) << bad;
  }
}

class FrameReaderTest : public testing::Test {
 protected:
  void feed(std::string_view text) {
    while (!text.empty()) {
      const std::span<char> room = reader_.room();
      const std::size_t size = std::min(room.size(), text.size());
      std::copy_n(text.data(), size, room.data());
      reader_.filled(size);
      text.remove_prefix(size);
      while (const auto line = reader_.next()) {
        lines_.emplace_back(line->data(), line->size());
      }
    }
  }
  FrameReader reader_;
  std::vector<std::string> lines_;
};

TEST_F(FrameReaderTest, CutsLinesWhereverTheReadsFall) {
  for (const std::string_view part : {"one\ntw", "o\n\n", "\nthr", "ee", "\n"}) {
    feed(part);
  }
  EXPECT_THAT(lines_, testing::ElementsAre("one", "two", "three"));
}

TEST_F(FrameReaderTest, GrowsForALongLineAndShrinksAgain) {
  const std::string large(3'000'000, 'x');
  feed("first\n" + large + "\nlast\n");
  ASSERT_EQ(lines_.size(), 3u);
  EXPECT_EQ(lines_[1], large);
  EXPECT_EQ(lines_[2], "last");
  EXPECT_LE(reader_.room().size(), 100'000u);
}

TEST_F(FrameReaderTest, ManyLinesThroughOneBuffer) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "line " + std::to_string(i) + "\n";
  }
  feed(text);
  ASSERT_EQ(lines_.size(), 100'000u);
  EXPECT_EQ(lines_.back(), "line 99999");
}

TEST_F(FrameReaderTest, KnowsALineThatIsTooLong) {
  const std::string part(1'000'000, 'x');
  for (int i = 0; i < 33; ++i) {
    EXPECT_FALSE(reader_.isTooLong());
    feed(part);
  }
  feed(part);
  EXPECT_TRUE(reader_.isTooLong());
}

std::string gathered(const FrameWriter& writer) {
  std::array<iovec, 100> parts{};
  std::string text;
  for (std::size_t i = 0, count = writer.gather(parts); i < count; ++i) {
    text.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  return text;
}

TEST(FrameWriter, PutsFramesOneAfterTheOtherAndKeepsWhatWasNotWritten) {
  FrameWriter writer;
  writer.add({"{\"a\":", "1", "}"});
  writer.add({"{}"});
  EXPECT_EQ(gathered(writer), "{\"a\":1}\n{}\n");
  writer.drop(3);
  EXPECT_EQ(gathered(writer), "\":1}\n{}\n");
  EXPECT_EQ(writer.bytes(), 8u);
  writer.drop(8);
  EXPECT_EQ(gathered(writer), "");
}

TEST(FrameWriter, LineEndsInsideAFrameBecomeSpaces) {
  FrameWriter writer;
  writer.add({"{\n\"a\":", "\n1\n", "}"});
  EXPECT_EQ(gathered(writer), "{ \"a\": 1 }\n");
}

TEST(FrameWriter, LargeFramesGoInChunks) {
  FrameWriter writer;
  std::string all;
  for (int i = 0; i < 20; ++i) {
    const std::string frame(50'000, static_cast<char>('a' + i));
    writer.add({frame});
    all += frame + "\n";
  }
  EXPECT_EQ(gathered(writer), all);
  for (std::size_t dropped = 0; dropped < all.size();) {
    const std::size_t size = std::min<std::size_t>(77'777, all.size() - dropped);
    writer.drop(size);
    dropped += size;
    EXPECT_EQ(gathered(writer), all.substr(dropped));
  }
}

}  // namespace
}  // namespace patchbay::runtime
