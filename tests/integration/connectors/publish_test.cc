// Publishing with everything real: zip, npm against a registry on loopback, probation load in a
// Node worker, SQLite.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/asio_executor.h"
#include "base/process.h"
#include "connectors/testing_ground.h"
#include "runtime/node_binary.h"
#include "runtime/node_host.h"
#include "runtime/node_runtime.h"
#include "runtime/sandbox.h"

namespace patchbay::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::filesystem::path kSource = PATCHBAY_SOURCE_DIR;

std::filesystem::path nodeBinary() {
  const char* named = std::getenv("PATCHBAY_NODE");
  auto found = runtime::findNode(named ? named : "", kSource / "runtime-js");
  return found ? *found : std::filesystem::path();
}

// The package registry of registry.js; ends with this object.
class LoopbackRegistry {
 public:
  explicit LoopbackRegistry(const std::filesystem::path& node) {
    int input[2], output[2];
    if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipes");
    }
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(input[0], 0);
      ::dup2(output[1], 1);
      const std::string script = (kSource / "tests/integration/connectors/registry.js").string();
      ::execl(node.c_str(), node.c_str(), script.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    char byte = 0;
    while (::read(output[0], &byte, 1) == 1 && byte != '\n') {
      address_ += byte;
    }
    ::close(output[0]);
  }
  ~LoopbackRegistry() {
    ::close(input_);
    ::waitpid(child_, nullptr, 0);
  }
  const std::string& address() const { return address_; }

 private:
  pid_t child_ = -1;
  int input_ = -1;
  std::string address_;
};

// The rooms as the server puts them together.
class RealGround {
 public:
  RealGround(const std::filesystem::path& node, base::Millis inspectWithin)
      : sandbox_(runtime::Sandbox::probe(runtime::SandboxMode::kAuto, node, kSource / "runtime-js")
                     .value()),
        spawner_(loop),
        host_(loop, spawner_, sandbox_, hostOptions(node)),
        runtime_(host_, clock, {}),
        inspector_(runtime_, loop, inspectWithin),
        packages_({node, kSource / "runtime-js/node_modules/npm/bin/npm-cli.js",
                   folder.path() / "npm-cache", base::Millis(120'000)},
                  spawner_),
        maker_(packages_, inspector_, folder.path() / "data/bundles"),
        thread_([this] { loop.run(); }) {
    store::SqliteOptions options;
    options.folder = folder.path() / "data";
    store_ = std::move(store::openSqlite(options)).value();
    bundles_ = std::make_unique<InstalledBundles>(*store_, registry, clock, folder.path() / "data");
    EXPECT_TRUE(bundles_->load());
  }
  ~RealGround() {
    loop.stop();
    thread_.join();
  }

  json::object publish(const Contents& files) {
    return installArchive(registry, *bundles_, maker_,
                          Archive{*writeZip(files), {true, {}}, ZipLimits::upload(), false});
  }

  std::string loadError(const std::string& type) const {
    const Found found = registry.find(type);
    return found ? found.component->loadError : "not installed";
  }

  TestFolder folder;
  base::SystemClock clock;
  Registry registry;
  base::AsioExecutor loop;

 private:
  runtime::NodeOptions hostOptions(const std::filesystem::path& node) const {
    runtime::NodeOptions options;
    options.node = node;
    options.runtimeFolder = kSource / "runtime-js";
    options.temporary = folder.path() / "tmp";
    return options;
  }

  runtime::Sandbox sandbox_;
  base::Spawner spawner_;
  runtime::NodeHost host_;
  runtime::NodeRuntime runtime_;
  RuntimeInspector inspector_;
  NpmInstaller packages_;
  RevisionMaker maker_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<InstalledBundles> bundles_;
  std::thread thread_;
};

class PublishForReal : public testing::Test {
 protected:
  void SetUp() override {
    node_ = nodeBinary();
    if (node_.empty()) {
      GTEST_SKIP() << "no Node here; set PATCHBAY_NODE";
    }
  }
  std::filesystem::path node_;
};

std::string errOf(const json::object& answer) {
  return json::getString(answer, "err", "fine");
}

TEST_F(PublishForReal, LoadsEveryFileAndSaysWhatCameOfIt) {
  RealGround ground(node_, base::Millis(60'000));
  Contents files = serviceBundle("invoices", "1.0.0", {"Create", "Broken", "Needs"});
  files["acme/invoices/core/Broken/Broken.js"] = "module.exports = {";
  files["acme/invoices/core/Needs/Needs.js"] = "require('no-such-package-anywhere');";
  files["acme/invoices/auth.js"] =
      "module.exports = { type: 'apiKey', definition: { auth: { key: { type: 'text', name: 'Key' } "
      "} } };";
  files["acme/invoices/quota.js"] =
      "module.exports = { rules: [{ limit: 3, window: 1000, resource: 'r' }] };";
  const json::object answer = ground.publish(files);
  ASSERT_EQ(errOf(answer), "fine");
  EXPECT_EQ(ground.loadError("acme.invoices.core.Create"), "");
  EXPECT_THAT(ground.loadError("acme.invoices.core.Broken"), Not(IsEmpty()));
  EXPECT_THAT(ground.loadError("acme.invoices.core.Needs"), HasSubstr("no-such-package-anywhere"));
  const auto revision = ground.registry.current("acme.invoices");
  ASSERT_EQ(revision->auths.size(), 1U);
  EXPECT_EQ(revision->auths[0].type, "apiKey");
  EXPECT_TRUE(revision->auths[0].fields.as_object().contains("key"));
  EXPECT_THAT(json::write(revision->quotas), HasSubstr(R"("acme:invoices":{"rules":[{"limit":3)"));
  EXPECT_FALSE(revision->find("acme.invoices.core.Create")->usesScope);
}

TEST_F(PublishForReal, FindsTheComponentThatEndsOrHangsTheProcess) {
  RealGround ground(node_, base::Millis(8'000));
  Contents files = serviceBundle("invoices", "1.0.0", {"Create", "Exits", "Loops", "List"});
  files["acme/invoices/core/Exits/Exits.js"] = "process.exit(3);";
  files["acme/invoices/core/Loops/Loops.js"] = "for (;;) {}";
  files["acme/invoices/auth.js"] = "module.exports = { type: 'apiKey', definition: {} };";
  ASSERT_EQ(errOf(ground.publish(files)), "fine");
  EXPECT_EQ(ground.loadError("acme.invoices.core.Create"), "");
  EXPECT_EQ(ground.loadError("acme.invoices.core.List"), "");
  EXPECT_THAT(ground.loadError("acme.invoices.core.Exits"),
              HasSubstr("loading it ends the process"));
  EXPECT_THAT(ground.loadError("acme.invoices.core.Loops"), HasSubstr("too long"));
}

TEST_F(PublishForReal, NpmInstallsWhatIsAskedForAndRunsNoScript) {
  const LoopbackRegistry packages(node_);
  ::setenv("npm_config_registry", packages.address().c_str(), 1);
  RealGround ground(node_, base::Millis(60'000));
  Contents files = serviceBundle("invoices", "1.0.0", {"Create"});
  files["acme/invoices/package.json"] =
      R"({"dependencies":{"left-part":"^1.0.0","appmixer-lib":"git+https://example.org/x.git"}})";
  files["acme/invoices/.npmrc"] = "registry=http://127.0.0.1:1/\n";
  files["acme/invoices/core/Create/Create.js"] =
      "if (require('left-part') !== 'left-part 1.2.3') { throw new Error('no'); } module.exports = "
      "{ receive() {} };";
  EXPECT_EQ(errOf(ground.publish(files)), "fine");
  EXPECT_EQ(ground.loadError("acme.invoices.core.Create"), "");
  const auto revision = ground.registry.current("acme.invoices");
  ASSERT_TRUE(revision);
  EXPECT_THAT(revision->installed, ElementsAre("acme/invoices"));
  const auto modules = revision->root / "acme/invoices/node_modules";
  EXPECT_TRUE(std::filesystem::exists(modules / "inner-part/index.js"));
  EXPECT_FALSE(std::filesystem::exists(modules / "left-part/ran-a-script"));

  files["acme/invoices/bundle.json"] = R"({"name":"acme.invoices","version":"2.0.0"})";
  files["acme/invoices/package.json"] = R"({"dependencies":{"missing-part":"1.0.0"}})";
  EXPECT_THAT(errOf(ground.publish(files)), HasSubstr("Cannot find module 'left-part'"));
  EXPECT_EQ(ground.registry.current("acme.invoices"), revision);

  files["acme/invoices/package.json"] =
      R"({"dependencies":{"left-part":"^1.0.0","missing-part":"1.0.0"}})";
  const json::object answer = ground.publish(files);
  EXPECT_EQ(errOf(answer), "fine");
  EXPECT_THAT(json::write(answer), HasSubstr("the registry does not have missing-part"));
  ::unsetenv("npm_config_registry");
}

}  // namespace
}  // namespace patchbay::connectors
