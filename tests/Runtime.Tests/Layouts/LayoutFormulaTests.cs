using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>What the loaders of an inference engine do, as plain loops over arrays, against what the plans copy.</summary>
public sealed class LayoutFormulaTests
{
    private const int Ranks = 2;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Column_parallel(int rank)
    {
        const int Out = 6, In = 5;
        var weight = Numbers(Out * In);
        var expected = new List<long>();
        for (var o = rank * Out / Ranks; o < (rank + 1) * Out / Ranks; o++)
            for (var i = 0; i < In; i++)
                expected.Add(weight[(o * In) + i]);
        Assert.Equal(expected, Load("out in", [new("w", "out in")], [Split("out", Out, rank), new("in", In)], ("w", weight)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Row_parallel(int rank)
    {
        const int Out = 3, In = 8;
        var weight = Numbers(Out * In);
        var expected = new List<long>();
        for (var o = 0; o < Out; o++)
            for (var i = rank * In / Ranks; i < (rank + 1) * In / Ranks; i++)
                expected.Add(weight[(o * In) + i]);
        Assert.Equal(expected, Load("out in", [new("w", "out in")], [new("out", Out), Split("in", In, rank)], ("w", weight)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gate_and_up_merged(int rank)
    {
        const int Inter = 4, Hidden = 3;
        var (gate, up) = (Numbers(Inter * Hidden), Numbers(Inter * Hidden, 1000));
        var expected = new List<long>();
        foreach (var projection in new[] { gate, up })
            for (var i = rank * Inter / Ranks; i < (rank + 1) * Inter / Ranks; i++)
                for (var h = 0; h < Hidden; h++)
                    expected.Add(projection[(i * Hidden) + h]);
        ImmutableArray<Axis> axes = [Split("inter", Inter, rank), new("hidden", Hidden), new("proj", 2, ["gate", "up"])];
        Assert.Equal(expected, Load("(proj inter) hidden", [new("{proj}_proj", "inter hidden")], axes, ("gate_proj", gate), ("up_proj", up)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Queries_keys_and_values_merged(int rank)
    {
        const int Heads = 4, Kv = 2, Dim = 3, Hidden = 2;
        var (q, k, v) = (Numbers(Heads * Dim * Hidden), Numbers(Kv * Dim * Hidden, 1000), Numbers(Kv * Dim * Hidden, 2000));
        var expected = new List<long>();
        foreach (var (projection, heads) in new[] { (q, Heads), (k, Kv), (v, Kv) })
            for (var row = rank * heads / Ranks * Dim; row < (rank + 1) * heads / Ranks * Dim; row++)
                for (var h = 0; h < Hidden; h++)
                    expected.Add(projection[(row * Hidden) + h]);
        ImmutableArray<Axis> axes = [Split("heads", Heads, rank), Split("kv", Kv, rank), new("dim", Dim), new("hidden", Hidden)];
        const string Parameter = "(q: heads dim + k: kv dim + v: kv dim) hidden";
        Assert.Equal(expected, Load(
            Parameter,
            [new("q", "(heads dim) hidden", "q"), new("k", "(kv dim) hidden", "k"), new("v", "(kv dim) hidden", "v")],
            axes, ("q", q), ("k", k), ("v", v)));
        Assert.Equal(expected, Load(Parameter, [new("qkv", Parameter)], axes, ("qkv", [.. q, .. k, .. v])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fused_experts_transposed_and_interleaved(int rank)
    {
        const int Experts = 3, Inter = 4, Hidden = 2;
        var fused = Numbers(Experts * Hidden * 2 * Inter);
        var (halves, pairs) = (new List<long>(), new List<long>());
        for (var e = 0; e < Experts; e++)
            for (var p = 0; p < 2; p++)
                for (var i = rank * Inter / Ranks; i < (rank + 1) * Inter / Ranks; i++)
                    for (var h = 0; h < Hidden; h++)
                    {
                        halves.Add(fused[(((e * Hidden) + h) * 2 * Inter) + (p * Inter) + i]);
                        pairs.Add(fused[(((e * Hidden) + h) * 2 * Inter) + (i * 2) + p]);
                    }
        ImmutableArray<Axis> axes = [new("experts", Experts), Split("inter", Inter, rank), new("hidden", Hidden), new("proj", 2, ["gate", "up"])];
        Assert.Equal(halves, Load("experts (proj inter) hidden", [new("w", "experts hidden (proj inter)")], axes, ("w", fused)));
        Assert.Equal(pairs, Load("experts (proj inter) hidden", [new("w", "experts hidden (inter proj)")], axes, ("w", fused)));
    }

    [Theory]
    [InlineData(new long[] { 0, 1 })]
    [InlineData(new long[] { 1, 3 })]
    [InlineData(new long[] { 3, 0, 1 })]
    public void One_tensor_for_each_expert(long[] held)
    {
        const int Experts = 4, Inter = 3, Hidden = 2;
        (string Name, long[] Values)[] tensors =
            [.. from e in Enumerable.Range(0, Experts) from w in new[] { "w1", "w3" } select ($"experts.{e}.{w}", Numbers(Inter * Hidden, (e * 100) + (w == "w1" ? 0 : 50)))];
        var expected = new List<long>();
        foreach (var e in held)
            foreach (var w in new[] { "w1", "w3" })
                expected.AddRange(tensors.Single(tensor => tensor.Name == $"experts.{e}.{w}").Values);
        ImmutableArray<Axis> axes = [new("experts", Experts, held: AxisShare.List([.. held])), new("inter", Inter), new("hidden", Hidden), new("proj", 2, ["w1", "w3"])];
        Assert.Equal(expected, Load("experts (proj inter) hidden", [new("experts.{experts}.{proj}", "inter hidden")], axes, tensors));
    }

    [Fact]
    public void Padded_for_a_kernel()
    {
        const int Out = 3, In = 5, Multiple = 4, Padded = 8;
        var weight = Numbers(Out * In, 1);
        var expected = new long[Out * Padded];
        for (var o = 0; o < Out; o++)
            for (var i = 0; i < In; i++)
                expected[(o * Padded) + i] = weight[(o * In) + i];
        Assert.Equal(expected, Load($"out pad(in, {Multiple})", [new("w", "out in")], [new("out", Out), new("in", In)], ("w", weight)));
    }

    [Fact]
    public void Rotary_halves_into_pairs()
    {
        const int Heads = 2, Half = 3, Hidden = 2;
        var weight = Numbers(Heads * Half * 2 * Hidden);
        var expected = new List<long>();
        for (var h = 0; h < Heads; h++)
            for (var pair = 0; pair < 2; pair++)
                for (var half = 0; half < Half; half++)
                    for (var i = 0; i < Hidden; i++)
                        expected.Add(weight[((((h * Half) + half) * 2) + pair) * Hidden + i]);
        ImmutableArray<Axis> axes = [new("heads", Heads), new("half", Half), new("pair", 2), new("hidden", Hidden)];
        Assert.Equal(expected, Load("(heads pair half) hidden", [new("w", "(heads half pair) hidden")], axes, ("w", weight)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Keys_and_values_out_of_one_projection(int rank)
    {
        const int Heads = 4, Nope = 3, Value = 2, Rank = 2;
        var weight = Numbers(Heads * (Nope + Value) * Rank);
        var (keys, values) = (new List<long>(), new List<long>());
        for (var h = rank * Heads / Ranks; h < (rank + 1) * Heads / Ranks; h++)
        {
            for (var n = 0; n < Nope; n++)
                for (var r = 0; r < Rank; r++)
                    keys.Add(weight[(((h * (Nope + Value)) + n) * Rank) + r]);
            for (var r = 0; r < Rank; r++)
                for (var v = 0; v < Value; v++)
                    values.Add(weight[(((h * (Nope + Value)) + Nope + v) * Rank) + r]);
        }
        ImmutableArray<Axis> axes = [Split("heads", Heads, rank), new("nope", Nope), new("value", Value), new("rank", Rank)];
        Assert.Equal(keys, Load("heads nope rank", [new("kv_b", "(heads (nope + value)) rank")], axes, ("kv_b", weight)));
        Assert.Equal(values, Load("heads rank value", [new("kv_b", "(heads (nope + value)) rank")], axes, ("kv_b", weight)));
    }

    private static Axis Split(string name, long size, int rank) => new(name, size, held: AxisShare.Range(rank * size / Ranks, size / Ranks));

    private static long[] Numbers(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(number => (long)number)];

    private static long[] Load(string parameter, LayoutSource[] sources, ImmutableArray<Axis> axes, params (string Name, long[] Values)[] tensors)
    {
        var plan = Layout.Resolve(parameter, sources, axes);
        Assert.Equal(tensors.Select(tensor => tensor.Name).Order(), plan.Tensors.Select(tensor => tensor.Name).Order());
        var loaded = new long[plan.Shape.Product()];
        foreach (var slot in plan.Slots)
        {
            var (name, values) = tensors.Single(tensor => tensor.Name == plan.Tensors[slot.Tensor].Name);
            Assert.Equal(plan.Tensors[slot.Tensor].Shape.Product(), values.Length);
            foreach (var (to, from) in slot.Positions())
                loaded[to] = values[from];
        }
        return loaded;
    }
}
