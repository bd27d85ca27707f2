using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>Each form of the notation by small examples.</summary>
public sealed class LayoutMeaningTests
{
    [Fact]
    public void A_scalar_is_one_element()
    {
        var plan = Layout.Resolve("", [new("scale", "")], []);
        Assert.Empty(plan.Shape);
        var slot = Assert.Single(plan.Slots);
        Assert.Empty(slot.Sizes);
        Assert.Equal((0L, 0L, 1L), (slot.TensorOffset, slot.ParameterOffset, slot.Count));
    }

    [Fact]
    public void The_same_layout_on_both_sides_is_one_run()
    {
        var plan = Layout.Resolve("a (b c) 1", [new("w", "(a b) c")], [new("a", 3), new("b", 4), new("c", 5)]);
        Assert.Equal([3L, 20, 1], plan.Shape.AsEnumerable());
        Assert.Equal(new LayoutSlot(0, [60], 0, [1], 0, [1]), Assert.Single(plan.Slots));
        Assert.Equal(new LayoutTensor("w", [12, 5], 0), Assert.Single(plan.Tensors));
    }

    [Fact]
    public void A_transpose_is_two_loops()
    {
        var plan = Layout.Resolve("a b", [new("w", "b a")], [new("a", 3), new("b", 4)]);
        Assert.Equal(new LayoutSlot(0, [3, 4], 0, [1, 3], 0, [4, 1]), Assert.Single(plan.Slots));
    }

    [Fact]
    public void Labels_and_counts_spell_names_in_order()
    {
        var plan = Layout.Resolve("layers (proj out)", [new("l.{layers + 1}.{proj}", "out")], [new("proj", 2, ["gate", "up"]), new("layers", 2), new("out", 3)]);
        Assert.Equal(["l.1.gate", "l.1.up", "l.2.gate", "l.2.up"], plan.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([0L, 3, 6, 9], plan.Slots.Select(slot => slot.ParameterOffset));
        Assert.Equal([0, 1, 2, 3], plan.Slots.Select(slot => slot.Tensor));
        Assert.All(plan.Slots, slot => Assert.Equal([3L], slot.Sizes.AsEnumerable()));
    }

    [Fact]
    public void A_composition_in_a_name_counts_positions()
    {
        ImmutableArray<Axis> axes = [new("text", 2, ["t0", "t1"]), new("vision", 3, held: AxisShare.Range(1, 2)), new("out", 4)];
        var plan = Layout.Resolve("vision out", [new("e.{text + vision}.w", "out")], axes);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"e.{i}.w"), plan.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["e.3.w", "e.4.w"], plan.Slots.Select(slot => plan.Tensors[slot.Tensor].Name));
    }

    [Fact]
    public void A_part_of_a_source_and_a_part_of_a_parameter_meet_either_way()
    {
        ImmutableArray<Axis> axes = [new("heads", 4), new("kv", 2), new("dim", 3)];
        var merged = Layout.Resolve("(q: heads dim + k: kv dim)", [new("k", "(kv dim)", "k"), new("q", "(heads dim)", "q")], axes);
        Assert.Equal([(0, 12L, 6L), (1, 0L, 12L)], merged.Slots.Select(slot => (slot.Tensor, slot.ParameterOffset, slot.Count)));
        var taken = Layout.Resolve("(kv dim)", [new("qkv", "(q: heads dim + k: kv dim + v: kv dim)", "k")], axes);
        Assert.Equal(new LayoutSlot(0, [6], 12, [1], 0, [1]), Assert.Single(taken.Slots));
        var interleaved = Layout.Resolve("kv", [new("w", "(kv (gate: 1 + up: 1))", "up")], axes);
        Assert.Equal(new LayoutSlot(0, [2], 1, [2], 0, [1]), Assert.Single(interleaved.Slots));
    }

    [Fact]
    public void Padding_rounds_what_a_rank_holds()
    {
        ImmutableArray<Axis> axes = [new("a", 10, held: AxisShare.Range(5, 5)), new("b", 2)];
        var plan = Layout.Resolve("b pad(a, 4)", [new("w", "b a")], axes);
        Assert.Equal([2L, 8], plan.Shape.AsEnumerable());
        Assert.Equal((true, 6L), (plan.HasPadding, plan.PaddedCount));
        Assert.Equal(new LayoutSlot(0, [2, 5], 5, [10, 1], 0, [8, 1]), Assert.Single(plan.Slots));
        Assert.Equal([2L, 12], Layout.FullShapeOf(Pattern.Parse("b pad(a, 4)"), axes).AsEnumerable());
    }

    [Fact]
    public void A_stored_tensor_can_be_padded_too()
    {
        var plan = Layout.Resolve("a b", [new("w", "pad(a, 4) pad(b, 4)")], [new("a", 3), new("b", 2)]);
        Assert.Equal([4L, 4], plan.Tensors[0].Shape.AsEnumerable());
        Assert.Equal(new LayoutSlot(0, [3, 2], 0, [4, 1], 0, [2, 1]), Assert.Single(plan.Slots));
        Assert.False(plan.HasPadding);
    }

    [Theory]
    [InlineData(0, 3L, 0L)]
    [InlineData(1, 3L, 0L)]
    [InlineData(2, 2L, 2L)]
    [InlineData(3, 0L, 6L)]
    public void An_axis_that_is_rounded_up_and_then_split_leaves_the_last_ranks_padding(int rank, long elements, long padding)
    {
        // 8 rows rounded up to 12 and split over 4 ranks.
        ImmutableArray<Axis> axes = [new("vocab", 8, held: AxisShare.PaddedRange(rank * 3, 3)), new("hidden", 2)];
        var plan = Layout.Resolve("vocab hidden", [new("embed", "vocab hidden")], axes);
        Assert.Equal([3L, 2], plan.Shape.AsEnumerable());
        Assert.Equal(padding, plan.PaddedCount);
        Assert.Equal(elements * 2, plan.Slots.Sum(slot => slot.Count));
        Assert.All(plan.Slots, slot => Assert.Equal(rank * 6, slot.TensorOffset));
    }

    [Fact]
    public void Blocks_of_a_padded_split_are_padded_as_well()
    {
        // 10 rows rounded up to 16, 8 on each of two ranks, a scale for each 4: the second rank has one block and one of padding.
        ImmutableArray<Axis> axes = [new("vocab", 10, held: AxisShare.PaddedRange(8, 8))];
        var plan = Layout.Resolve("blocks(vocab, 4)", [new("s", "blocks(vocab, 4)")], axes);
        Assert.Equal([2L], plan.Shape.AsEnumerable());
        Assert.Equal([3L], plan.Tensors[0].Shape.AsEnumerable());
        Assert.Equal(new LayoutSlot(0, [], 2, [], 0, []), Assert.Single(plan.Slots));
        Assert.Equal(1, plan.PaddedCount);
    }

    [Fact]
    public void Blocks_may_count_padding()
    {
        ImmutableArray<Axis> axes = [new("a", 5)];
        var plan = Layout.Resolve("blocks(pad(a, 4), 3)", [new("s", "blocks(pad(a, 4), 3)")], axes);
        Assert.Equal([3L], plan.Shape.AsEnumerable());
        Assert.Equal(new LayoutSlot(0, [3], 0, [1], 0, [1]), Assert.Single(plan.Slots));
    }

    [Fact]
    public void Blocks_are_numbered_over_the_whole_and_move_with_a_share()
    {
        ImmutableArray<Axis> axes = [new("heads", 4, held: AxisShare.List([3, 1])), new("nope", 4), new("rope", 2), new("b", 3)];
        var plan = Layout.Resolve("b blocks((heads (nope + rope)), 3)", [new("s", "blocks((heads (nope + rope)), 3) b")], axes);
        Assert.Equal([3L, 4], plan.Shape.AsEnumerable());
        Assert.Equal([6L, 7, 2, 3], plan.Elements().Take(4).Select(element => element!.Value.Position / 3));
    }

    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, 1)]
    [InlineData(new long[] { 0, 3, 6 }, 1)]
    [InlineData(new long[] { 6, 0 }, 2)]
    [InlineData(new long[] { 0, 1, 4, 5, 7 }, 3)]
    [InlineData(new long[] { }, 0)]
    public void A_list_is_one_slot_for_each_run_with_a_constant_step(long[] held, int slots)
    {
        ImmutableArray<Axis> axes = [new("experts", 8, held: AxisShare.List([.. held])), new("out", 5)];
        var plan = Layout.Resolve("experts out", [new("w", "out experts")], axes);
        Assert.Equal(slots, plan.Slots.Length);
        Assert.Equal(held.SelectMany(e => Enumerable.Range(0, 5).Select(o => (o * 8) + e)), plan.Elements().Select(element => element!.Value.Position));
    }

    [Fact]
    public void One_index_can_lie_on_several_ranks()
    {
        ImmutableArray<Axis> axes = [new("heads", 4, held: AxisShare.Range(3, 1)), new("kv", 2, held: AxisShare.Range(1, 1)), new("dim", 2)];
        var plan = Layout.Resolve("(q: heads dim + k: kv dim)", [new("q", "(heads dim)", "q"), new("k", "(kv dim)", "k")], axes);
        Assert.Equal([("q", 6L), ("q", 7L), ("k", 2L), ("k", 3L)], plan.Elements().Select(element => element!.Value));
    }

    [Fact]
    public void Shares_are_equal_when_they_hold_the_same()
    {
        Assert.Equal(AxisShare.Range(2, 3), AxisShare.List([2, 3, 4]));
        Assert.NotEqual(AxisShare.List([2, 4]), AxisShare.List([4, 2]));
        Assert.Equal(new Axis("a", 2, ["x", "y"]), new Axis("a", 2, ["x", "y"]));
        Assert.NotEqual(new Axis("a", 2, ["x", "y"]), new Axis("a", 2, ["x", "z"]));
        Assert.Equal("0..2, 8, 7..13 step 3", AxisShare.List([0, 1, 2, 8, 7, 10, 13]).ToString());
    }
}
