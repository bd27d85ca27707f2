using CsCheck;
using Lanyard.Generator.Conformance.Sizes;

namespace Lanyard.Generator.Tests.Conformance.Sizes;

public sealed class SizePropertyTests
{
    private const int Samples = 1500;

    private int _tried;
    private int _contradictory;
    private int _determined;
    private int _open;

    [Fact]
    public void What_is_true_is_accepted_and_what_is_determined_is_unique()
    {
        SaidSizes.True.Sample(sizes => Check(sizes), iter: Samples);
        Assert.Equal(0, _contradictory);
        Assert.InRange(_tried, Samples / 3, Samples);
        Assert.InRange(_determined, Samples / 3, int.MaxValue);
        Assert.InRange(_open, Samples / 20, int.MaxValue);
    }

    [Fact]
    public void One_changed_requirement_is_accepted_only_where_there_is_a_solution()
    {
        SaidSizes.Changed.Sample(sizes => Check(sizes), iter: Samples);
        Assert.InRange(_contradictory, Samples / 10, Samples);
    }

    [Fact]
    public void Whatever_is_said_what_is_accepted_has_a_solution()
    {
        SaidSizes.Any.Sample(sizes => Check(sizes), iter: Samples);
        Assert.InRange(_contradictory, Samples / 3, Samples);
    }

    [Fact]
    public void Large_sizes_are_accepted_and_what_is_determined_is_right() => SaidSizes.Large.Sample(
        sizes =>
        {
            var system = new SizeSystem<int>();
            for (var i = 0; i < sizes.Truth.Length; i++) system.Add("x" + i);
            for (var i = 0; i < sizes.Said.Length; i++) system.Require(sizes.Said[i].In(system), sizes.Said[i].Low, sizes.Said[i].High, i);
            var solution = system.Solve();
            Assert.Empty(solution.Contradictions);
            for (var i = 0; i < sizes.Truth.Length; i++)
            {
                var (low, high) = solution.Range(i);
                Assert.InRange(sizes.Truth[i], low, high);
                if (solution.Value(i) is { } value) Assert.Equal(sizes.Truth[i], value);
            }
            foreach (var said in sizes.Said.Where(static said => said.Low == said.High)) Assert.Equal(said.Low, solution.Value(said.In(system)));
        },
        iter: Samples);

    private void Check(SaidSizes sizes)
    {
        var system = new SizeSystem<int>();
        for (var i = 0; i < sizes.Truth.Length; i++) system.Add("x" + i);
        var terms = sizes.Said.Select(said => said.In(system)).ToArray();
        var asked = sizes.Asked.Select(said => said.In(system)).ToArray();
        for (var i = 0; i < terms.Length; i++) system.Require(terms[i], sizes.Said[i].Low, sizes.Said[i].High, i);
        var solution = system.Solve();

        // What was left out contradicts what it is said to contradict, and nothing was left out without a need.
        foreach (var wrong in solution.Contradictions)
        {
            SaidSize[] core = [sizes.Said[wrong.Stated.Source], .. wrong.Others.Select(other => sizes.Said[other.Source])];
            Assert.True(sizes.Solutions(core) is not { Count: > 0 }, "There are sizes: " + wrong);
            Assert.Contains(wrong.Wrong, (SizeRequirement<int>[])[wrong.Stated, .. wrong.Others]);
            Assert.False(string.IsNullOrEmpty(wrong.ToString()));
        }
        Interlocked.Add(ref _contradictory, solution.Contradictions.Count > 0 ? 1 : 0);

        var left = solution.Contradictions.SelectMany(static wrong => wrong.Wrong.Sources).ToHashSet();
        var accepted = sizes.Said.Where((_, i) => !left.Contains(i)).ToArray();
        if (sizes.Solutions(accepted) is not { } all) return;
        Interlocked.Increment(ref _tried);
        var values = asked.Select(solution.Value).ToArray();
        if (solution.IsComplete) Assert.NotEmpty(all);
        for (var i = 0; i < sizes.Truth.Length; i++)
        {
            var (low, high) = solution.Range(i);
            Assert.All(all, right => Assert.InRange(right[i], low, high));
            Agree(solution.Value(i), [.. all.Select(right => (long)right[i]).Distinct()], solution.IsComplete);
        }
        for (var i = 0; i < asked.Length; i++)
            Agree(values[i], [.. all.Select(right => sizes.Asked[i].Value(right)).Distinct()], solution.IsComplete);
    }

    private void Agree(long? value, long[] possible, bool isComplete)
    {
        if (value is { } determined)
        {
            Interlocked.Increment(ref _determined);
            Assert.All(possible, other => Assert.Equal(other, determined));
            return;
        }
        Interlocked.Increment(ref _open);
        if (isComplete) Assert.NotEqual(1, possible.Length);
    }
}
