using System.Collections.Immutable;
using CsCheck;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

public sealed class LayoutPropertyTests
{
    private const int Samples = 3000;

    [Fact]
    public void A_plan_is_what_brute_force_finds() => RandomLayout.Gen.Sample(
        layout =>
        {
            var expected = new BruteForce(layout.Axes).Resolve(layout.Parameter, layout.Sources);
            if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out var error))
            {
                Assert.Equal(LayoutErrorKind.CutBlock, error.Kind);
                Assert.Null(expected);
                return;
            }
            Assert.NotNull(expected);
            Assert.Equal(expected.Value.Shape.AsEnumerable(), plan.Shape);
            Assert.Equal(expected.Value.Elements, plan.Elements());
            var pattern = Pattern.Parse(layout.Parameter);
            Assert.Equal(plan.Shape.AsEnumerable(), Layout.ShapeOf(pattern, layout.Axes));
            Assert.Equal(plan.HasPadding, Layout.HasPadding(pattern, layout.Axes));
        },
        iter: Samples);

    [Fact]
    public void A_plan_of_repeated_sources_is_what_brute_force_finds()
    {
        var repeated = 0;
        RandomLayout.Repeating.Sample(
            layout =>
            {
                var expected = new BruteForce(layout.Axes).Resolve(layout.Parameter, layout.Sources);
                if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out var error))
                {
                    Assert.Equal(LayoutErrorKind.CutBlock, error.Kind);
                    Assert.Null(expected);
                    return;
                }
                Assert.Equal(expected!.Value.Shape.AsEnumerable(), plan.Shape);
                Assert.Equal(expected.Value.Elements, plan.Elements());
                Assert.All(plan.Slots, slot => Assert.All(slot.TensorStrides, stride => Assert.True(stride > 0)));
                var places = plan.Elements().OfType<(string, long)>().ToArray();
                Interlocked.Add(ref repeated, places.Length > places.Distinct().Count() ? 1 : 0);

                // What lacks an axis without a word is a mistake, as ever.
                if (layout.Sources[0].Repeat is not null)
                    Assert.Contains(Layout.Check(layout.Parameter, [.. layout.Sources.Select(source => source with { Repeat = null })], layout.Axes.Select(axis => axis.Name)), wrong => wrong.Kind == LayoutErrorKind.NoElement);
            },
            iter: Samples);
        Assert.InRange(repeated, Samples / 50, Samples);
    }

    [Fact]
    public void A_constant_fills_what_the_source_of_its_part_gave()
    {
        var (filled, ranks) = (0, 0);
        RandomLayout.Repeating.Sample(
            layout =>
            {
                for (var i = 0; i < layout.Sources.Length; i++)
                {
                    if (layout.Sources[i].Part is not { } part || layout.Sources.Length == 1) continue;
                    var rest = layout.Sources.RemoveAt(i);
                    var axes = layout.Axes.Select(axis => axis.Name).ToArray();
                    Assert.Empty(Layout.Check(layout.Parameter, rest, [new LayoutConstant(part, 7)], axes));
                    Assert.All(Layout.Check(layout.Parameter, layout.Sources, [new LayoutConstant(part, 7)], axes), error => Assert.Equal((LayoutErrorKind.Overlap, layout.Sources.Length), (error.Kind, error.SourceIndex)));
                    if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var whole, out _)) return;
                    var plan = Layout.Resolve(layout.Parameter, rest, [new LayoutConstant(part, 7)], layout.Axes);
                    var (before, after) = (whole.Elements(), plan.Elements());
                    var constant = plan.Constants.SelectMany(slot => slot.Region.Positions()).Select(place => place.Parameter).ToHashSet();
                    var gone = whole.Tensors.Where(tensor => tensor.SourceIndex == i).Select(tensor => tensor.Name).ToHashSet();
                    for (var position = 0; position < before.Length; position++)
                    {
                        var isConstant = before[position] is { } element && gone.Contains(element.Tensor);
                        Assert.Equal(isConstant, constant.Contains(position));
                        Assert.Equal(isConstant ? null : before[position], after[position]);
                    }
                    Assert.Equal(whole.PaddedCount, plan.PaddedCount);
                    Interlocked.Add(ref filled, constant.Count > 0 ? 1 : 0);
                    Interlocked.Add(ref ranks, layout.Axes.Any(axis => !axis.Held.IsAll) ? 1 : 0);
                }
            },
            iter: Samples);
        Assert.All(new[] { filled, ranks }, count => Assert.InRange(count, Samples / 50, 3 * Samples));
    }

    [Fact]
    public void Random_layouts_are_worth_it()
    {
        var (plans, cuts, padded, split, several) = (0, 0, 0, 0, 0);
        RandomLayout.Gen.Sample(
            layout =>
            {
                if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out _))
                {
                    Interlocked.Increment(ref cuts);
                    return;
                }
                Interlocked.Increment(ref plans);
                Interlocked.Add(ref padded, plan.HasPadding ? 1 : 0);
                Interlocked.Add(ref several, plan.Slots.Any(slot => slot.Sizes.Length > 1) ? 1 : 0);
                Interlocked.Add(ref split, plan.Slots.Length > plan.Tensors.Length ? 1 : 0);
            },
            iter: Samples);
        Assert.All(new[] { cuts, padded, split, several }, count => Assert.InRange(count, Samples / 100, Samples));
        Assert.InRange(plans, Samples / 2, Samples);
    }

    [Fact]
    public void No_two_elements_come_from_one_place() => RandomLayout.Gen.Sample(
        layout =>
        {
            if (Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out _))
            {
                var places = plan.Elements().OfType<(string, long)>().ToArray();
                Assert.Equal(places.Length, places.Distinct().Count());
            }
        },
        iter: Samples / 3);

    [Fact]
    public void Export_and_load_undo_each_other() => RandomLayout.Gen.Sample(
        layout =>
        {
            if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out _)) return;
            var stored = plan.Tensors.ToDictionary(tensor => tensor.Name, tensor => new GoldenTensor(tensor.Shape, [.. Enumerable.Range(1, (int)tensor.Shape.Product())]));
            var loaded = plan.Load(stored);
            var exported = Copies.Blank(stored);
            plan.Export(loaded, exported);
            foreach (var (name, (bits, writes)) in exported)
            {
                Assert.All(writes, count => Assert.InRange(count, 0, 1));
                Assert.Equal(stored[name].Bits.Select((bit, i) => writes[i] == 1 ? bit : 0), bits);
            }
            Assert.Equal(loaded, plan.Load(exported.ToDictionary(item => item.Key, item => new GoldenTensor(stored[item.Key].Shape, item.Value.Bits))));
        },
        iter: Samples / 3);

    [Fact]
    public void Slots_are_in_normal_form() => RandomLayout.Gen.Sample(
        layout =>
        {
            if (!Layout.TryResolve(layout.Parameter, layout.Sources, layout.Axes, out var plan, out _))
                return;
            Assert.Equal(plan.Slots.Select(slot => slot.Tensor).Order(), plan.Slots.Select(slot => slot.Tensor));
            foreach (var slot in plan.Slots)
            {
                Assert.Equal(slot.Sizes.Length, slot.TensorStrides.Length);
                Assert.Equal(slot.Sizes.Length, slot.ParameterStrides.Length);
                Assert.All(slot.Sizes, size => Assert.True(size > 1));
                Assert.All(slot.TensorStrides, stride => Assert.True(stride > 0));
                for (var i = 1; i < slot.Sizes.Length; i++)
                {
                    Assert.True(slot.ParameterStrides[i - 1] > slot.ParameterStrides[i]);
                    Assert.False(
                        slot.ParameterStrides[i - 1] == slot.Sizes[i] * slot.ParameterStrides[i]
                        && slot.TensorStrides[i - 1] == slot.Sizes[i] * slot.TensorStrides[i]);
                }
            }
        },
        iter: Samples / 3);

    [Fact]
    public void All_ranks_together_take_what_one_takes() => Gen.Select(RandomLayout.Gen, Gen.Int[0, 999].Array[40]).Sample(
        (layout, choices) =>
        {
            var tape = new Tape(choices);
            ImmutableArray<Axis> whole = [.. layout.Axes.Select(axis => axis with { Held = AxisShare.All })];
            var single = Layout.Resolve(layout.Parameter, layout.Sources, whole);
            if (whole.IsEmpty)
                return;

            // One axis is dealt out to ranks in a random order, and each rank keeps its indices in the order dealt.
            var sharded = whole[tape.Below(whole.Length)];
            var ranks = 1 + tape.Below(3);
            var dealt = tape.Shuffle(Enumerable.Range(0, (int)sharded.Size)).Select(index => (Index: (long)index, Rank: tape.Below(ranks))).ToArray();
            var taken = new List<(string, long)?>();
            for (var rank = 0; rank < ranks; rank++)
            {
                var held = sharded with { Held = AxisShare.List([.. dealt.Where(deal => deal.Rank == rank).Select(deal => deal.Index)]) };
                if (!Layout.TryResolve(layout.Parameter, layout.Sources, whole.Replace(sharded, held), out var plan, out var error))
                {
                    Assert.Equal(LayoutErrorKind.CutBlock, error.Kind);
                    return;
                }
                Assert.Equal(single.Tensors.AsEnumerable(), plan.Tensors);
                taken.AddRange(plan.Elements().Where(element => element is not null));
            }

            // Where the sharded axis is not in the element, every rank holds it; else exactly one does.
            var expected = single.Elements().Where(element => element is not null).Order().ToArray();
            Assert.Equal(expected, taken.Distinct().Order());
            if (Replicated(layout, sharded.Name) is { } replicated)
                Assert.Equal(expected.Length * (replicated ? ranks : 1), taken.Count);
        },
        iter: Samples / 3);

    [Fact]
    public void A_source_less_is_a_gap_and_a_source_more_an_overlap() => RandomLayout.Gen.Sample(
        layout =>
        {
            var axes = layout.Axes.Select(axis => axis.Name).ToArray();
            Assert.Empty(Layout.Check(layout.Parameter, layout.Sources, axes));
            for (var i = 0; i < layout.Sources.Length; i++)
            {
                var gaps = Layout.Check(layout.Parameter, layout.Sources.RemoveAt(i), axes);
                Assert.NotEmpty(gaps);
                Assert.All(gaps, error => Assert.Equal((LayoutErrorKind.Gap, LayoutError.Parameter), (error.Kind, error.SourceIndex)));
                var overlaps = Layout.Check(layout.Parameter, layout.Sources.Insert(0, layout.Sources[i]), axes);
                Assert.NotEmpty(overlaps);
                Assert.All(overlaps, error => Assert.Equal((LayoutErrorKind.Overlap, i + 1), (error.Kind, error.SourceIndex)));
            }
        },
        iter: Samples / 3);

    [Fact]
    public void What_is_printed_parses_to_the_same() => Gen.Select(RandomLayout.Gen, Gen.Int[0, 4]).Sample(
        (layout, spaces) =>
        {
            foreach (var text in layout.Sources.Select(source => source.Pattern).Append(layout.Parameter))
            {
                var canonical = Pattern.Parse(text).ToString();
                Assert.Equal(Pattern.Parse(canonical).Items.AsEnumerable(), Pattern.Parse(Pattern.Parse(canonical).ToString()).Items);
                var blank = new string(' ', spaces);
                var noisy = text.Replace("(", blank + "(" + blank).Replace(")", blank + ")").Replace("+", blank + "+").Replace(",", blank + "," + blank).Replace(" ", " " + blank);
                Assert.Equal(canonical, Pattern.Parse(noisy).ToString());
                Assert.Equal(text, canonical);
            }
            foreach (var source in layout.Sources)
                Assert.Equal(source.Name, NamePattern.Parse(source.Name).ToString());
        },
        iter: Samples / 3);

    [Fact]
    public void A_share_holds_the_indices_it_was_given() => Gen.Int[0, 999].Array[0, 40].Sample(
        choices =>
        {
            var tape = new Tape(choices);
            var size = 1 + tape.Below(12);
            long[] indices = [.. tape.Shuffle(Enumerable.Range(0, size)).Take(tape.Below(size + 1)).Select(i => (long)i)];
            if (tape.Chance(50))
                Array.Sort(indices);
            var share = AxisShare.List([.. indices]);
            Assert.Equal(indices.Length, share.Count(size));
            var runs = share.Runs(size);
            Assert.Equal(indices, runs.SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.Start + (i * run.Step))));
            Assert.All(runs, run => Assert.True(run is { Count: > 0, Step: > 0 }));
        },
        iter: Samples);

    // Whether no element has the axis, or null if some have it and some do not.
    private static bool? Replicated(RandomLayout layout, string axis)
    {
        var pattern = Pattern.Parse(layout.Parameter).ToString();
        if (!System.Text.RegularExpressions.Regex.IsMatch(pattern, $@"\b{axis}\b"))
            return true;
        return pattern.Contains('+') ? null : false;
    }
}
