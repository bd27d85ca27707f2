using System.Collections.Immutable;
using System.Diagnostics;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

public sealed class LayoutScaleTests
{
    [Fact]
    public void Sizes_cost_nothing()
    {
        ImmutableArray<Axis> axes =
        [
            new("vocab", 1L << 40, held: AxisShare.Range(1L << 39, 1L << 38)),
            new("hidden", 1 << 16),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var plan = Layout.Resolve("pad(vocab, 512) blocks(hidden, 128)", [new("w", "blocks(hidden, 128) vocab")], axes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(new LayoutSlot(0, [1L << 38, 512], 1L << 39, [1, 1L << 40], 0, [512, 1]), Assert.Single(plan.Slots));
    }

    [Fact]
    public void The_tensors_of_a_large_model_take_well_under_a_second()
    {
        ImmutableArray<Axis> axes =
        [
            new("experts", 256, held: AxisShare.Range(64, 64)),
            new("proj", 2, ["gate", "up"]),
            new("inter", 2048, held: AxisShare.Range(1024, 1024)),
            new("hidden", 7168),
        ];
        var watch = Stopwatch.StartNew();
        var (tensors, slots) = (0, 0);
        for (var layer = 0; layer < 60; layer++)
        {
            foreach (var (parameter, name, pattern) in new[]
            {
                ("experts (proj inter) hidden", "{proj}_proj.weight", "inter hidden"),
                ("experts (proj blocks(inter, 128)) blocks(hidden, 128)", "{proj}_proj.weight_scale_inv", "blocks(inter, 128) blocks(hidden, 128)"),
                ("experts hidden inter", "down_proj.weight", "hidden inter"),
                ("experts blocks(hidden, 128) blocks(inter, 128)", "down_proj.weight_scale_inv", "blocks(hidden, 128) blocks(inter, 128)"),
            })
            {
                var plan = Layout.Resolve(parameter, [new($"experts.{{experts}}.{name}", pattern)], axes);
                tensors += plan.Tensors.Length;
                slots += plan.Slots.Length;
            }
        }
        Assert.Equal((92_160, 23_040), (tensors, slots));
        // About a tenth of this on a slow machine: only work that grows with the square would pass it.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}
