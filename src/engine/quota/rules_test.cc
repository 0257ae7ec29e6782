#include "engine/quota/rules.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace patchbay::engine {

namespace {

QuotaSource sourceOf(std::string_view rules) {
  return {"acme:invoices", "acme/invoices", json::parseOwn(rules), ""};
}

std::shared_ptr<const QuotaPlan> plan(std::string_view quota, const QuotaSource& source) {
  return makeQuotaPlan(json::parseOwn(quota).as_object(), "acme.invoices.core.Create", &source,
                       nullptr);
}

TEST(QuotaRules, TheFieldsForms) {
  const auto sliding = readQuotaRule(
      json::parseOwn(R"({"limit":3,"window":1000,"resource":"r","scope":"userId"})"), 2);
  ASSERT_TRUE(sliding);
  EXPECT_EQ(sliding->throttling, Throttling::kSliding);
  EXPECT_EQ(sliding->limit, 3);
  EXPECT_EQ(sliding->window, 1000);
  EXPECT_EQ(sliding->scope, "userId");
  EXPECT_EQ(sliding->index, 2U);
  const auto fixed = readQuotaRule(
      json::parseOwn(
          R"({"limit":1,"throttling":{"type":"window-fixed","getStartOfNextWindow":true}})"),
      0);
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->throttling, Throttling::kFixed);
  EXPECT_TRUE(fixed->asksCode);
  const auto running =
      readQuotaRule(json::parseOwn(R"({"limit":1,"throttling":"limit-concurrency"})"), 0);
  ASSERT_TRUE(running);
  EXPECT_EQ(running->throttling, Throttling::kConcurrency);
}

TEST(QuotaRules, WhatLimitsNothingIsNoRule) {
  for (const char* text :
       {"1", "{}", R"({"limit":0,"window":1})", R"({"limit":3})", R"({"limit":3,"window":-1})",
        R"({"limit":3,"window":1,"throttling":"moon"})",
        R"({"limit":3,"throttling":"window-fixed"})", R"({"limit":1e300,"window":1})"}) {
    EXPECT_FALSE(readQuotaRule(json::parseOwn(text), 0)) << text;
  }
}

TEST(QuotaRules, APlanHoldsTheRulesOfItsResources) {
  const QuotaSource source =
      sourceOf(R"([{"limit":1,"window":1000,"resource":"a","queueing":"fifo"},
      {"limit":2,"window":2000,"resource":"b","queueing":"fifo"},{"limit":3,"window":3000,"resource":"a"},"nonsense"])");
  const auto both =
      plan(R"({"manager":"acme:invoices","resources":["a","b"],"maxWait":"60000"})", source);
  ASSERT_NE(both, nullptr);
  EXPECT_EQ(both->rules.size(), 3U);
  EXPECT_EQ(both->maxWait, 60'000);
  EXPECT_FALSE(both->queues);
  const auto one = plan(R"({"resources":"b","maxWait":10000000})", source);
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->rules.size(), 1U);
  EXPECT_EQ(one->maxWait, 120'000);
  EXPECT_TRUE(one->queues);
  EXPECT_EQ(plan("{}", source), nullptr);
  const auto own = plan(R"({"concurrency":1})", source);
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->rules.front().throttling, Throttling::kConcurrency);
  EXPECT_EQ(own->rules.front().resource, "acme.invoices.core.Create");
}

TEST(QuotaRules, ANodeOverridesMemberByMember) {
  const json::value manifest =
      json::parseOwn(R"({"manager":"acme:invoices","resources":"a","maxWait":5000})");
  const json::value node = json::parseOwn(R"({"maxWait":1})");
  EXPECT_EQ(json::write(mergeQuota(&manifest, &node)),
            R"({"manager":"acme:invoices","resources":"a","maxWait":1})");
  EXPECT_EQ(json::write(mergeQuota(&manifest, nullptr)), json::write(manifest));
  EXPECT_EQ(json::write(mergeQuota(nullptr, nullptr)), "{}");
}

TEST(QuotaRules, ACounterIsNamedByServiceNotByRevisionOrLimit) {
  QuotaRule rule;
  rule.limit = 3;
  rule.window = 1000;
  rule.resource = "messages.send";
  rule.scope = "userId";
  const std::string name = counterName("acme:invoices", rule, "65f0");
  EXPECT_EQ(name, R"(["acme:invoices","messages.send","window-sliding",1000,"userId","65f0"])");
  rule.limit = 5;
  EXPECT_EQ(counterName("acme:invoices", rule, "65f0"), name);
  const auto read = ruleOfCounter(name);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->throttling, Throttling::kSliding);
  EXPECT_EQ(read->window, 1000);
  EXPECT_FALSE(ruleOfCounter("[]"));
  EXPECT_FALSE(ruleOfCounter("nonsense"));
}

}  // namespace

}  // namespace patchbay::engine
