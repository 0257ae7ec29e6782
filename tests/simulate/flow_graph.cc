#include "flow_graph.h"

namespace patchbay::simulate {

namespace {

constexpr std::size_t kMostInner = 3;

Kind drawInner(SeededRandom& random) {
  constexpr Kind kInner[] = {Kind::kRelay, Kind::kSpare, Kind::kSplit, Kind::kCounter,
                             Kind::kDelay};
  return kInner[random.below(std::size(kInner))];
}

}  // namespace

FlowGraph FlowGraph::draw(const std::string& flowId, SeededRandom& random) {
  FlowGraph graph;
  graph.flowId = flowId;
  graph.trigger = "n0";
  graph.nodes["n0"].kind = random.oneIn(5) ? Kind::kTicker : Kind::kHook;
  std::vector<std::string> sources = {"n0"};
  const std::size_t inner = 1 + random.below(kMostInner);
  for (std::size_t nth = 1; nth <= inner; ++nth) {
    const std::string name = "n" + std::to_string(nth);
    graph.nodes[name].kind = drawInner(random);
    graph.nodes[sources[random.below(sources.size())]].targets.push_back(name);
    sources.push_back(name);
  }
  graph.nodes["sink"].kind = Kind::kSink;
  for (const std::string& source : sources) {
    std::vector<std::string>& targets = graph.nodes[source].targets;
    if (targets.empty() || random.oneIn(3)) {
      targets.push_back("sink");
    }
  }
  return graph;
}

boost::json::object FlowGraph::document() const {
  boost::json::object flow;
  for (const auto& [name, node] : nodes) {
    flow[name] =
        boost::json::object{{"type", typeOf(node.kind)}, {"source", boost::json::object()}};
  }
  for (const auto& [name, node] : nodes) {
    for (const std::string& target : node.targets) {
      boost::json::object& source = flow[target].as_object()["source"].as_object();
      boost::json::value& links = source["in"];
      if (!links.is_object()) {
        links = boost::json::object();
      }
      links.as_object()[name] = boost::json::array{"out"};
    }
  }
  return {{"name", flowId}, {"flow", std::move(flow)}};
}

}  // namespace patchbay::simulate
