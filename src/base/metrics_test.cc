#include "base/metrics.h"

#include <gtest/gtest.h>

namespace patchbay::base {
namespace {

bool atOnce(const std::function<void()>& work) {
  work();
  return true;
}

TEST(Metrics, FamiliesHaveHelpTypeAndEscapedLabels) {
  Metrics metrics;
  metrics.counter("b_total", "Counts b.", {{"kind", "a\"b\\\n"}}).add(3);
  metrics.gauge("a", "A now.", ReadOn::kLoop, [] { return 1.5; });
  metrics.total("c_total", "C ever.", ReadOn::kAnyThread, [] { return 12.0; });
  EXPECT_EQ(metrics.text(atOnce),
            "# HELP a A now.\n# TYPE a gauge\na 1.5\n"
            "# HELP b_total Counts b.\n# TYPE b_total counter\nb_total{kind=\"a\\\"b\\\\\\n\"} 3\n"
            "# HELP c_total C ever.\n# TYPE c_total counter\nc_total 12\n");
}

TEST(Metrics, OneCounterForOneNameAndLabels) {
  Metrics metrics;
  EXPECT_EQ(&metrics.counter("x", "X.", {{"a", "1"}}), &metrics.counter("x", "X.", {{"a", "1"}}));
  EXPECT_NE(&metrics.counter("x", "X.", {{"a", "1"}}), &metrics.counter("x", "X.", {{"a", "2"}}));
}

TEST(Metrics, AHistogramCountsWhatStaysWithinEachBound) {
  Metrics metrics;
  Histogram& histogram = metrics.histogram("h", "H.", {0.5, 1}, {{"a", "1"}});
  EXPECT_EQ(&histogram, &metrics.histogram("h", "H.", {0.5, 1}, {{"a", "1"}}));
  for (const double value : {0.25, 0.5, 0.75, 3.0}) {
    histogram.observe(value);
  }
  metrics.histogram("i", "I.", {2});
  EXPECT_EQ(metrics.text(atOnce),
            "# HELP h H.\n# TYPE h histogram\n"
            "h_bucket{a=\"1\",le=\"0.5\"} 2\nh_bucket{a=\"1\",le=\"1\"} 3\n"
            "h_bucket{a=\"1\",le=\"+Inf\"} 4\nh_sum{a=\"1\"} 4.5\nh_count{a=\"1\"} 4\n"
            "# HELP i I.\n# TYPE i histogram\n"
            "i_bucket{le=\"2\"} 0\ni_bucket{le=\"+Inf\"} 0\ni_sum 0\ni_count 0\n");
}

TEST(Metrics, ALoopThatDoesNotAnswerLeavesItsNumbersOut) {
  Metrics metrics;
  metrics.gauge("loop", "On the loop.", ReadOn::kLoop, [] { return 1.0; });
  metrics.gauge("other", "Anywhere.", ReadOn::kAnyThread, [] { return 2.0; });
  EXPECT_EQ(metrics.text([](const std::function<void()>&) { return false; }),
            "# HELP loop On the loop.\n# TYPE loop gauge\n# HELP other Anywhere.\n# TYPE other "
            "gauge\nother 2\n");
}

}  // namespace
}  // namespace patchbay::base
