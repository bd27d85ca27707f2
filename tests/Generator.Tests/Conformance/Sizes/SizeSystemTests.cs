using Lanyard.Generator.Conformance.Sizes;

namespace Lanyard.Generator.Tests.Conformance.Sizes;

public sealed class SizeSystemTests
{
    private readonly SizeSystem<string> _system = new();

    [Fact]
    public void Attention_with_a_norm_of_heads_is_known_in_all_sizes()
    {
        var (hidden, heads, kvHeads, dim) = (New("hidden"), New("heads"), New("kv_heads"), New("head_dim"));
        Say(heads.Times(dim), 4096, "q_proj");
        Say(hidden, 5120, "q_proj");
        Say(kvHeads.Times(dim), 1024, "k_proj");
        Say(dim, 128, "q_norm");

        var solution = Solve();
        Assert.Equal(new long?[] { 5120, 32, 8, 128 }, new[] { hidden, heads, kvHeads, dim }.Select(size => solution.Value(size)));
        Assert.True(solution.IsComplete);
    }

    [Fact]
    public void Attention_without_a_norm_of_heads_leaves_the_factors_open_and_knows_their_product()
    {
        var (heads, kvHeads, dim) = (New("heads"), New("kv_heads"), New("head_dim"));
        Say(heads.Times(dim), 4096, "q_proj");
        Say(kvHeads.Times(dim), 1024, "k_proj");
        Say(heads.Times(dim).Plus(kvHeads.Times(dim).Times(2)), 6144, "qkv");

        var solution = Solve();
        Assert.All([0, 1, 2], unknown => Assert.Null(solution.Value(unknown)));
        Assert.Equal(4096, solution.Value(heads.Times(dim)));
        Assert.Equal(6144, solution.Value(heads.Plus(kvHeads.Times(2)).Times(dim)));
        Assert.Equal(8192, solution.Value(heads.Times(dim).Times(2)));
        Assert.Null(solution.Value(heads.Plus(dim)));
        Assert.Equal((1, 1024), solution.Range(2));
        Assert.Equal(["heads * head_dim is 4096", "kv_heads * head_dim is 1024", "heads * head_dim + 2 * kv_heads * head_dim is 6144"],
            solution.Known(2).Select(known => $"{_system.Text(known.Term)} is {known.Value}"));
    }

    [Fact]
    public void A_merged_tensor_and_a_part_give_the_other_part()
    {
        var (heads, kvHeads, dim) = (New("heads"), New("kv_heads"), New("head_dim"));
        Say(heads.Times(dim).Plus(kvHeads.Times(dim).Times(2)), 6144, "qkv_proj");
        Say(heads.Times(dim), 4096, "o_proj");

        var solution = Solve();
        Assert.Equal(1024, solution.Value(kvHeads.Times(dim)));
        Assert.Null(solution.Value(kvHeads));
    }

    [Fact]
    public void Sums_of_latent_attention_are_solved()
    {
        var (heads, nope, rope, rank, value) = (New("heads"), New("nope"), New("rope"), New("kv_rank"), New("value_dim"));
        Say(heads.Times(nope.Plus(rope)), 24576, "q_b_proj");
        Say(rank.Plus(rope), 576, "kv_a_proj_with_mqa");
        Say(rank, 512, "kv_a_layernorm");
        Say(heads.Times(nope.Plus(value)), 32768, "kv_b_proj");
        Say(heads.Times(value), 16384, "o_proj");

        var solution = Solve();
        Assert.Equal(64, solution.Value(rope));
        Assert.Equal(16384, solution.Value(heads.Times(nope)));
        Assert.Equal(new long?[] { 128, 128, 64, 512, 128 }, new[] { heads, nope, rope, rank, value }.Select(size => solution.Value(size)));
    }

    [Fact]
    public void Three_products_of_pairs_give_all_three()
    {
        var (a, b, c) = (New("a"), New("b"), New("c"));
        Say(a.Times(b), 6, "A");
        Say(b.Times(c), 10, "B");
        Say(a.Times(c), 15, "C");

        var solution = Solve();
        Assert.Equal(new long?[] { 3, 2, 5 }, new[] { a, b, c }.Select(size => solution.Value(size)));
        Assert.Empty(solution.Contradictions);
    }

    [Fact]
    public void Blocks_leave_a_range_and_meet_what_they_are_of()
    {
        var hidden = New("hidden");
        var blocks = _system.Blocks(hidden, 128);
        Assert.Same(blocks, _system.Blocks(hidden, 128));
        Assert.Equal("blocks(hidden, 128)", _system.Text(blocks));
        Say(blocks, 40, "scales");
        Assert.Equal((4993, 5120), Solve().Range(hidden));

        Say(hidden, 5000, "weight");
        var solution = Solve();
        Assert.Equal(5000, solution.Value(hidden));
        Assert.Equal(40, solution.Value(blocks));
        Assert.Empty(solution.Contradictions);
    }

    [Fact]
    public void What_is_padded_is_a_multiple()
    {
        var vocab = New("vocab");
        var padded = _system.Padded(vocab, 64);
        Say(vocab, 1000, "embed");
        Assert.Equal(1024, Solve().Value(padded));
        Say(padded, 1030, "lm_head");
        Assert.Equal("pad(vocab, 64) is 1030 by lm_head: no whole number solves pad(vocab, 64) = 1030", Assert.Single(Solve().Contradictions).ToString());
    }

    [Fact]
    public void Packed_words_leave_a_range_that_another_tensor_narrows()
    {
        var (rows, columns) = (New("rows"), New("columns"));
        _system.Require(rows.Times(columns), 4089, 4096, "qweight");
        Assert.Null(Solve().Value(rows));
        Say(rows, 64, "scales");
        Assert.Equal(64, Solve().Value(columns));
    }

    [Fact]
    public void Sizes_as_large_as_a_number_can_be_do_not_wrap()
    {
        var (a, b) = (New("a"), New("b"));
        Say(a, long.MaxValue, "A");
        Say(b, long.MaxValue, "B");
        var solution = Solve();
        Assert.Equal(long.MaxValue, solution.Value(a));
        Assert.Null(solution.Value(a.Times(b)));
        Say(a.Times(b), 1, "C");
        Assert.Equal(["a * b"], Solve().Contradictions.Select(wrong => _system.Text(wrong.Wrong.Term)));
    }

    private SizeTerm New(string name) => SizeTerm.Of(_system.Add(name));

    private void Say(SizeTerm term, long value, string source) => _system.Require(term, value, source);

    private SizeSolution<string> Solve() => _system.Solve();
}
