// The routes of data stores, files and logs over real rows, asked without a socket.
#include <gtest/gtest.h>

#include "access/testing_access.h"
#include "base/json.h"
#include "connectors/registry.h"
#include "http/routes/data_stores.h"
#include "http/routes/files.h"
#include "http/routes/logs.h"
#include "http/testing_routes.h"

namespace patchbay::http {
namespace {

class ResourceRoutesTest : public ::testing::Test {
 protected:
  ResourceRoutesTest() {
    files_ = *files::FileStore::open(store_.folder / "files", *store_.store, random_, clock_);
    insights::FlowLogOptions options;
    options.path = store_.folder / "logs.db";
    options.retention.days = 36'500;
    log_ = *insights::FlowLog::open(options);
    addDataStoreRoutes(router_, {*store_.store, dataStores_,
                                 [this](store::Transaction&, const std::vector<datastores::ListenerCall>& calls) {
                                   return [this, calls] { calls_.insert(calls_.end(), calls.begin(), calls.end()); };
                                 }});
    addFileRoutes(router_, *files_, clock_, [](const std::function<void()>& work) { work(); });
    addLogRoutes(router_, *log_, flows_, clock_);
  }

  Response ask(const std::string& userId, Method method, const std::string& target, std::string body = "",
               std::map<std::string, std::string, std::less<>> headers = {}) {
    return askRoute(
        router_, method, target, std::move(body),
        [&](const Route&, Request& request) -> base::Status {
          request.headers = std::move(headers);
          request.caller = access::Caller{userId, userId, userId + "@example.test", {"user"}, {}};
          if (userId == "admin") {
            request.caller->scope.emplace_back("admin");
          }
          return {};
        });
  }
  json::value good(Method method, const std::string& target, std::string body = "",
                   std::map<std::string, std::string, std::less<>> headers = {}) {
    const Response response = ask("u1", method, target, std::move(body), std::move(headers));
    EXPECT_EQ(response.status, 200) << target << " " << response.body;
    return json::parseOwn(response.body);
  }
  std::string newStore() {
    return json::getString(good(Method::kPost, "/stores", R"({"name":"Stock"})").as_object(), "storeId");
  }
  static std::map<std::string, std::string, std::less<>> jsonType() {
    return {{"content-type", "application/json"}};
  }
  json::object upload(const std::string& content, std::map<std::string, std::string, std::less<>> headers) {
    headers["content-type"] = "multipart/form-data; boundary=xx";
    return good(Method::kPost, "/files",
                "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\xc3\xa4.txt\"\r\n\r\n" + content +
                    "\r\n--xx--\r\n",
                headers)
        .as_object();
  }

  access::TestStore store_;
  access::TestClock clock_;
  base::SystemRandom random_;
  connectors::Registry registry_;
  flows::Flows flows_{*store_.store, registry_, clock_, random_};
  datastores::DataStores dataStores_{random_, clock_};
  std::unique_ptr<files::FileStore> files_;
  std::unique_ptr<insights::FlowLog> log_;
  Router router_;
  std::vector<datastores::ListenerCall> calls_;
};

TEST_F(ResourceRoutesTest, StoresAreMadeRenamedAndRemoved) {
  const std::string id = newStore();
  EXPECT_EQ(json::write(good(Method::kGet, "/stores")), R"([{"storeId":")" + id + R"(","name":"Stock"}])");
  EXPECT_EQ(json::write(good(Method::kPut, "/stores/" + id, R"({"name":"New"})")),
            R"({"storeId":")" + id + R"(","oldName":"Stock"})");
  EXPECT_EQ(ask("u1", Method::kPost, "/stores", "{}").status, 400);
  EXPECT_EQ(ask("u2", Method::kGet, "/stores/" + id).status, 404);
  EXPECT_EQ(ask("u2", Method::kDelete, "/stores/" + id).status, 404);
  EXPECT_EQ(json::write(good(Method::kDelete, "/stores/" + id)), "{}");
  EXPECT_EQ(ask("u1", Method::kGet, "/stores/" + id).status, 404);
}

TEST_F(ResourceRoutesTest, TheBodyIsTheValue) {
  const std::string store = "/store/" + newStore() + "/";
  const auto value = [&](const std::string& key) { return json::write(good(Method::kGet, store + key).at("value")); };
  good(Method::kPost, store + "text", "plain", {{"content-type", "text/plain"}});
  good(Method::kPost, store + "a%2Fb", R"({"n":[1,null]})", jsonType());
  good(Method::kPost, store + "text2", R"({"n":1})");
  EXPECT_EQ(value("text"), R"("plain")");
  EXPECT_EQ(value("a%2Fb"), R"({"n":[1,null]})");
  EXPECT_EQ(value("text2"), R"("{\"n\":1}")");
  EXPECT_EQ(ask("u1", Method::kPost, store + "x", "{", jsonType()).status, 400);
  EXPECT_EQ(ask("u1", Method::kPost, store + "x", "\xff\xfe").status, 400);
  EXPECT_EQ(ask("u2", Method::kPost, store + "text", "theirs").status, 404);
  EXPECT_EQ(ask("u1", Method::kGet, store + "absent").status, 404);
}

TEST_F(ResourceRoutesTest, RecordsAreListedCountedChangedMovedAndRemoved) {
  const std::string id = newStore();
  const std::string other = newStore();
  for (const char* key : {"a", "b", "count"}) {
    good(Method::kPost, "/store/" + id + "/" + key, "1", jsonType());
    clock_.millis += 1;
  }
  EXPECT_EQ(json::write(good(Method::kGet, "/store/count?storeId=" + id)), R"({"count":3})");
  EXPECT_EQ(good(Method::kGet, "/store?storeId=" + id + "&limit=2&sort=key:1").as_array().size(), 2u);
  EXPECT_EQ(good(Method::kGet, "/store?storeId=" + id).at(0).at("key").as_string(), "count");
  EXPECT_EQ(good(Method::kGet, "/store/" + id + "/find/OUN").as_array().size(), 1u);
  EXPECT_EQ(ask("u1", Method::kGet, "/store?storeId=" + id + "&limit=x").status, 400);
  EXPECT_EQ(ask("u2", Method::kGet, "/store?storeId=" + id).status, 404);
  EXPECT_EQ(ask("u1", Method::kPatch, "/store/" + id + "/a", R"({"key":"b"})").status, 409);
  EXPECT_EQ(good(Method::kPatch, "/store/" + id + "/a", R"({"key":"c","value":{"x":2}})").at("key").as_string(), "c");
  EXPECT_EQ(good(Method::kPut, "/store/" + id + "/c", R"({"storeId":")" + other + "\"}").at("storeId").as_string(),
            other);
  EXPECT_EQ(json::write(good(Method::kDelete, "/store",
                             R"([{"key":"b","storeId":")" + id + R"("},{"key":"gone","storeId":")" + id + R"("}])")),
            R"({"deletedCount":1})");
  EXPECT_EQ(ask("u1", Method::kDelete, "/store", "{}").status, 400);
  EXPECT_EQ(json::write(good(Method::kDelete, "/store/" + id + "/*")), "{}");
  EXPECT_EQ(json::write(good(Method::kGet, "/store/count?storeId=" + id)), R"({"count":0})");
}

TEST_F(ResourceRoutesTest, ListenersAreToldOfChanges) {
  const std::string id = newStore();
  ASSERT_TRUE(store_.store->write([&](store::Transaction& tx) {
    return dataStores_.listen(tx, "u1", id, "flow", "component", {"insert", "delete"});
  }));
  good(Method::kPost, "/store/" + id + "/k", "1", jsonType());
  good(Method::kPost, "/store/" + id + "/k", "2", jsonType());
  good(Method::kDelete, "/store/" + id + "/k");
  ASSERT_EQ(calls_.size(), 2u);
  EXPECT_EQ(calls_[0].flowId, "flow");
  EXPECT_EQ(json::getString(json::parseOwn(calls_[1].payload).as_object(), "type"), "delete");
}

TEST_F(ResourceRoutesTest, AStoreIsDownloaded) {
  const std::string id = newStore();
  good(Method::kPost, "/store/" + id + "/a", "say \"hi\", twice");
  const Response csv = ask("u1", Method::kGet, "/store/download/" + id + "?format=csv");
  EXPECT_EQ(csv.contentType, "application/octet-stream");
  EXPECT_TRUE(csv.body.starts_with("key,value,createdAt,updatedAt\r\na,\"say \"\"hi\"\", twice\",")) << csv.body;
  EXPECT_EQ(good(Method::kGet, "/store/download/" + id).as_array().size(), 1u);
  EXPECT_EQ(ask("u1", Method::kGet, "/store/download/" + id + "?format=xml").status, 400);
  EXPECT_EQ(ask("u2", Method::kGet, "/store/download/" + id).status, 404);
}

TEST_F(ResourceRoutesTest, AFileGoesUpAndComesDown) {
  const json::object file = upload("0123456789", {});
  const std::string id = json::getString(file, "fileId");
  EXPECT_EQ(json::getString(file, "filename"), "b\xc3\xa4.txt");
  EXPECT_EQ(json::getString(file, "contentType"), "text/plain");
  const Response whole = ask("u1", Method::kGet, "/files/" + id);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, "0123456789");
  EXPECT_EQ(whole.contentType, "text/plain");
  EXPECT_EQ(whole.headers[0].second, "attachment; filename=\"b__.txt\"; filename*=UTF-8''b%C3%A4.txt");
  const auto ranged = [&](const char* range) { return ask("u1", Method::kGet, "/files/" + id, "", {{"range", range}}); };
  EXPECT_EQ(ranged("bytes=2-4").body, "234");
  EXPECT_EQ(ranged("bytes=2-4").status, 206);
  EXPECT_EQ(ranged("bytes=-3").body, "789");
  EXPECT_EQ(ranged("bytes=8-").body, "89");
  EXPECT_EQ(ranged("bytes=8-100").headers.back().second, "bytes 8-9/10");
  EXPECT_EQ(ranged("bytes=20-30").status, 200);
  EXPECT_EQ(ranged("lines=1").body, "0123456789");
  EXPECT_EQ(ask("u2", Method::kGet, "/files/" + id).status, 404);
  EXPECT_EQ(ask("u2", Method::kGet, "/files/metadata/" + id).status, 404);
  EXPECT_EQ(ask("u2", Method::kDelete, "/files/" + id).status, 404);
  EXPECT_EQ(ask("u1", Method::kGet, "/files/..%2F..%2Fpasswd").status, 404);
  EXPECT_EQ(json::write(good(Method::kDelete, "/files/" + id)), "{}");
  EXPECT_EQ(ask("u1", Method::kGet, "/files/metadata/" + id).status, 404);
}

TEST_F(ResourceRoutesTest, ChunksListsAndFilters) {
  json::object file = upload("one ", {{"uploader-file-name", "big.csv"}, {"uploader-chunk-number", "1"}, {"uploader-chunks-total", "2"}});
  const std::string id = json::getString(file, "fileId");
  EXPECT_EQ(json::write(good(Method::kGet, "/files/count")), R"({"count":0})");
  file = upload("two", {{"uploader-file-id", id}, {"uploader-chunk-number", "2"}, {"uploader-chunks-total", "2"}});
  EXPECT_EQ(json::getString(file, "filename"), "big.csv");
  EXPECT_EQ(json::getInt(file, "length"), 7);
  upload("x", {});
  EXPECT_EQ(good(Method::kGet, "/files?filter=filename:~big").as_array().size(), 1u);
  EXPECT_EQ(good(Method::kGet, "/files").as_array().size(), 2u);
  EXPECT_EQ(ask("u1", Method::kDelete, "/files").status, 400);
  good(Method::kDelete, "/files?filter=filename:big.csv");
  EXPECT_EQ(json::write(good(Method::kGet, "/files/count")), R"({"count":1})");
  EXPECT_EQ(ask("u1", Method::kPost, "/files", "x", {{"content-type", "text/plain"}}).status, 400);
}

TEST_F(ResourceRoutesTest, LogsAreTheCallersOwn) {
  for (const char* user : {"u1", "u2"}) {
    insights::LogRecord record;
    record.time = 1'772'000'000'000;
    record.origin = std::make_shared<insights::LogOrigin>(insights::LogOrigin{std::string("flow-") + user, user, "", ""});
    record.severity = "info";
    record.type = "data";
    const std::string text = std::string("hello ") + user;
    record.msg = text;
    log_->append(std::move(record));
  }
  const auto hits = [](const Response& response) {
    return json::getArray(json::parseOwn(response.body).as_object(), "hits");
  };
  EXPECT_EQ(hits(ask("u1", Method::kGet, "/logs")).size(), 1u);
  EXPECT_EQ(hits(ask("u1", Method::kGet, "/logs?flowId=flow-u2")).size(), 0u);
  EXPECT_EQ(hits(ask("admin", Method::kGet, "/logs")).size(), 2u);
  EXPECT_EQ(ask("u1", Method::kGet, "/logs?query=(open").status, 400);
  EXPECT_EQ(ask("u1", Method::kGet, "/logs?size=x").status, 400);
  const json::object found =
      good(Method::kPost, "/logs?excludes=msg", R"({"aggs":{"n":{"value_count":{"field":"flowId"}}}})").as_object();
  EXPECT_EQ(json::write(json::getObject(found, "aggregations")), R"({"n":{"value":1}})");
  EXPECT_EQ(json::find(json::getArray(found, "hits")[0], "msg"), nullptr);
  EXPECT_EQ(ask("u1", Method::kPost, "/logs").status, 200);
  EXPECT_EQ(ask("u1", Method::kGet, "/logs/logs-202602/1").status, 200);
  EXPECT_EQ(ask("u2", Method::kGet, "/logs/logs-202602/1").status, 404);
}

}  // namespace
}  // namespace patchbay::http
