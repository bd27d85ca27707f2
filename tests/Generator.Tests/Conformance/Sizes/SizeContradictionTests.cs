using Lanyard.Generator.Conformance.Sizes;

namespace Lanyard.Generator.Tests.Conformance.Sizes;

public sealed class SizeContradictionTests
{
    private readonly SizeSystem<string> _system = new();

    [Fact]
    public void Both_values_are_named()
    {
        var hidden = New("hidden");
        Say(hidden, 5120, "layers.0.q_proj.weight");
        Say(hidden, 4096, "norm.weight");
        var wrong = Single();
        Assert.Equal("hidden is 4096 by norm.weight and 5120 by layers.0.q_proj.weight", wrong.ToString());
        Assert.Equal(("hidden", 4096, "norm.weight", 5120, "layers.0.q_proj.weight"),
            (wrong.Subject, wrong.Stated.Low, wrong.Stated.Source, wrong.OtherValue!.Value, wrong.Others[0].Source));
        Assert.Equal(5120, _system.Solve().Value(hidden));
    }

    [Fact]
    public void What_many_say_beats_what_was_said_first()
    {
        var hidden = New("hidden");
        Say(hidden, 5120, "first");
        Say(hidden, 4096, "second");
        Say(hidden, 4096, "third");
        var wrong = Single();
        Assert.Equal("hidden is 5120 by first and 4096 by second", wrong.ToString());
        Assert.Equal(["second", "third"], wrong.Others[0].Sources);
        Assert.Equal(4096, _system.Solve().Value(hidden));
    }

    /// <summary>What else there is to see it by is not told: two values of one product are enough.</summary>
    [Fact]
    public void Two_values_of_one_product_are_told_alone()
    {
        var (heads, keys, half, hidden) = (New("heads"), New("kv_heads"), New("half"), New("hidden"));
        Say(hidden, 8192, "embedding");
        Say(heads.Times(half).Times(2), 16384, "q_proj");
        Say(keys.Times(half).Times(2), 1024, "k_proj");
        Say(hidden, 8192, "o_proj");
        Say(heads.Times(half).Times(2), 8192, "o_proj");
        Assert.Equal("2 * heads * half is 8192 by o_proj and 16384 by q_proj", Single().ToString());
    }

    [Fact]
    public void What_does_not_divide_is_no_whole_number()
    {
        var (heads, dim) = (New("heads"), New("head_dim"));
        Say(dim, 128, "q_norm");
        Say(heads.Times(dim), 4097, "q_proj");
        Assert.Equal("heads * head_dim is 4097 by q_proj: no whole number solves heads * 128 = 4097 where head_dim is 128 by q_norm", Single().ToString());
    }

    [Fact]
    public void A_product_whose_factors_are_known_is_named_with_them()
    {
        var (heads, dim) = (New("heads"), New("head_dim"));
        Say(heads, 32, "sinks");
        Say(dim, 128, "q_norm");
        Say(heads.Times(dim), 2048, "q_proj");
        Assert.Equal("heads * head_dim is 2048 by q_proj, and 32 * 128 = 4096 where heads is 32 by sinks and head_dim is 128 by q_norm", Single().ToString());
    }

    [Fact]
    public void Pairs_that_only_together_are_impossible_are_all_named()
    {
        var (a, b, c) = (New("a"), New("b"), New("c"));
        Say(a.Times(b), 6, "A");
        Say(b.Times(c), 10, "B");
        Say(a.Times(c), 14, "C");
        Assert.Equal("a * c is 14 by C: no whole number solves a * c = 14 where a * b is 6 by A and b * c is 10 by B", Single().ToString());
    }

    [Fact]
    public void A_size_that_is_no_unknown_is_compared_as_it_is()
    {
        Say(SizeTerm.One, 2, "scale");
        Assert.Equal("2 by scale, where the size is 1", Single().ToString());
    }

    [Fact]
    public void Blocks_are_named_as_in_patterns()
    {
        var hidden = New("hidden");
        Say(hidden, 5121, "weight");
        Say(_system.Blocks(hidden, 128), 40, "scale");
        Assert.Equal("blocks(hidden, 128) is 40 by scale, and 41 where hidden is 5121 by weight", Single().ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_wrong_tensor_is_one_contradiction_wherever_it_comes(int at)
    {
        var hidden = New("hidden");
        for (var i = 0; i < 4; i++) Say(hidden.Times(i + 1), i == at ? 5120 * (i + 1) : 4096 * (i + 1), "tensor" + i);
        Assert.Equal("tensor" + at, Single().Wrong.Source);
        Assert.Equal(4096, _system.Solve().Value(hidden));
    }

    [Fact]
    public void Two_mistakes_are_two_contradictions()
    {
        var (hidden, heads, dim) = (New("hidden"), New("heads"), New("head_dim"));
        Say(hidden, 5120, "q_proj");
        Say(heads.Times(dim), 4096, "q_proj");
        Say(dim, 96, "q_norm");
        Say(dim, 128, "k_norm");
        Say(heads.Times(dim), 4096, "o_proj");
        Say(hidden, 5121, "o_proj");
        Say(hidden, 5120, "norm");
        var solution = _system.Solve();
        Assert.Equal(["hidden is 5121 by o_proj and 5120 by q_proj", "head_dim is 96 by q_norm and 128 by k_norm"],
            solution.Contradictions.Select(wrong => wrong.ToString()).OrderByDescending(text => text, StringComparer.Ordinal));
        Assert.Equal(32, solution.Value(heads));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_size_is_below_one(long size)
    {
        Say(New("hidden"), size, "weight");
        Assert.Equal($"hidden is {size} by weight: no whole number solves hidden = {size}", Single().ToString());
    }

    private SizeContradiction<string> Single() => Assert.Single(_system.Solve().Contradictions);

    private SizeTerm New(string name) => SizeTerm.Of(_system.Add(name));

    private void Say(SizeTerm term, long value, string source) => _system.Require(term, value, source);
}
