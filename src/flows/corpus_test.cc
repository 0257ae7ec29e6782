// The flows of the corpus: real descriptors of the field. Skipped where the corpus is absent (a
// user's checkout has none).
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/testing_corpus.h"
#include "connectors/manifest.h"
#include "flows/descriptor.h"
#include "flows/flow_clone.h"
#include "flows/testing_registry.h"
#include "flows/validation.h"

namespace patchbay::flows {
namespace {

using boost::json::value;

// The documents whose path ends so.
std::vector<value> documents(const std::string& name, std::string_view ending) {
  std::vector<value> all;
  for (const value& row : base::corpusRows(name)) {
    if (json::getString(row.as_object(), "path").ends_with(ending)) {
      all.push_back(row.as_object().at("json"));
    }
  }
  return all;
}

class Corpus : public ::testing::Test {
 protected:
  void SetUp() override {
    flows_ = documents("flows.ndjson.gz", ".json");
    if (flows_.empty()) {
      GTEST_SKIP() << "No corpus at " << base::corpusFile("flows.ndjson.gz") << "; set PATCHBAY_SHARED.";
    }
  }
  std::vector<value> flows_;
};

TEST_F(Corpus, EveryFlowParsesAndIsKeptAsWritten) {
  EXPECT_EQ(flows_.size(), 44U);
  for (const value& document : flows_) {
    const value& flow = document.as_object().at("flow");
    auto descriptor = Descriptor::parse(flow);
    ASSERT_TRUE(descriptor) << descriptor.error().message;
    EXPECT_EQ(json::write((*descriptor)->document()), json::write(flow));
    EXPECT_EQ((*descriptor)->nodes().size(), flow.as_object().size());
  }
}

TEST_F(Corpus, EveryLinkIsAWayOutOfItsSource) {
  for (const value& document : flows_) {
    const auto flow = *Descriptor::parse(document.as_object().at("flow"));
    for (const Node& node : flow->nodes()) {
      for (const Link& link : node.incoming) {
        const auto targets = flow->outgoing(link.source, link.outPort);
        EXPECT_TRUE(std::any_of(targets.begin(), targets.end(), [&](const Target& t) {
          return t.node == &node && t.link == &link;
        }));
      }
    }
  }
}

TEST_F(Corpus, AClonesTextIsTheSameButForTheIds) {
  base::SystemRandom random;
  for (const value& document : flows_) {
    const value& flow = document.as_object().at("flow");
    const IdMap ids = newComponentIds(flow, random);
    IdMap back;
    for (const auto& [from, to] : ids) {
      back[to] = from;
    }
    const value clone = rewriteFlow(flow, ids, {});
    const std::string text = json::write(clone);
    for (const auto& [from, to] : ids) {
      EXPECT_EQ(text.find(from), std::string::npos);
    }
    EXPECT_EQ(json::write(rewriteFlow(clone, back, {})), json::write(flow));
    EXPECT_TRUE(Descriptor::parse(clone));
  }
}

TEST_F(Corpus, FlowsThatShipWithTheirConnectorsCouldStart) {
  connectors::Registry registry;
  std::vector<connectors::Component> components;
  for (const value& manifest : documents("manifests.ndjson.gz", "/component.json")) {
    components.push_back(connectors::describeComponent(manifest));
  }
  install(registry, "corpus", std::move(components));
  std::map<std::string_view, std::size_t> counts;
  for (const value& document : flows_) {
    const auto flow = *Descriptor::parse(document.as_object().at("flow"));
    Facts facts;
    for (const Node& node : flow->nodes()) {
      facts.withAccount.insert(node.id);
    }
    for (const Problem& problem : validate(*flow, registry, facts)) {
      ++counts[keyword(problem.kind)];
      EXPECT_NE(problem.kind, ProblemKind::kMalformed) << problem.message;
      EXPECT_NE(problem.kind, ProblemKind::kUnknownPort) << problem.message;
      RecordProperty(problem.componentId, problem.message);
      if (std::getenv("PATCHBAY_PRINT_PROBLEMS") != nullptr) {
        std::printf("%s %s\n", problem.componentType.c_str(), problem.message.c_str());
      }
    }
  }
  for (const auto& [word, count] : counts) {
    std::printf("%.*s: %zu\n", static_cast<int>(word.size()), word.data(), count);
  }
}

}  // namespace
}  // namespace patchbay::flows
