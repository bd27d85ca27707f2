using CsCheck;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Tests.Conformance.Lists;

public sealed class NumberSetTests
{
    // Few numbers of few, so that runs touch, cover and cut one another.
    private static readonly Gen<HashSet<int>> Sets = Gen.Int[0, 24].HashSet[0, 16];

    [Fact]
    public void It_says_what_a_set_of_its_numbers_says() => Gen.Select(Sets, Sets).Sample((ours, theirs) =>
    {
        var (left, right) = (NumberSet.From(ours), NumberSet.From(theirs));
        Assert.Equal(ours.Order(), left.Numbers);
        Assert.Equal(ours.Count, left.Count);
        Assert.Equal(ours.Intersect(theirs).Order(), left.Intersect(right).Numbers);
        Assert.Equal(ours.Except(theirs).Order(), left.Except(right).Numbers);
        Assert.Equal(ours.Union(theirs).Order(), left.Union(right).Numbers);
        Assert.Equal(ours.Overlaps(theirs), left.Overlaps(right));
        Assert.Equal(ours.SetEquals(theirs), left.Equals(right));
        Assert.Equal(ours.Order().SequenceEqual(Enumerable.Range(0, ours.Count)), left.IsCounted);
        for (var number = 0; number < 26; number++) Assert.Equal(ours.Contains(number), left.Contains(number));
        if (ours.Count > 0) Assert.Equal((ours.Min(), ours.Max()), (left.First, left.Last));
    }, iter: 5000, seed: "0000KvJ1wWX2", threads: 1);

    [Fact]
    public void Equal_sets_are_equal_however_they_came_about() => Gen.Select(Sets, Sets).Sample((ours, theirs) =>
    {
        var (left, right) = (NumberSet.From(ours), NumberSet.From(theirs));
        var again = left.Except(right).Union(left.Intersect(right));
        Assert.Equal(left, again);
        Assert.Equal(left.GetHashCode(), again.GetHashCode());
        Assert.Equal(left.ToString(), again.ToString());
    }, iter: 2000, seed: "0000KvJ1wWX2", threads: 1);

    [Fact]
    public void Its_text_is_a_range_of_a_folded_list() => Sets.Where(set => set.Count > 1).Sample(set =>
    {
        var list = TensorList.Read($$$"""{"tensors": [{"name": "{{{{NumberSet.From(set)}}}}"}]}""", "x.json");
        Assert.Empty(list.Faults);
        Assert.Equal(NumberSet.From(set), Assert.Single(list.Rows).Name.Holes[0]);
    }, iter: 2000, seed: "0000KvJ1wWX2", threads: 1);

    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 7 }, "7")]
    [InlineData(new[] { 7, 8 }, "7,8")]
    [InlineData(new[] { 0, 1, 2, 3, 50 }, "0..3,50")]
    [InlineData(new[] { 1, 3, 5 }, "1,3,5")]
    [InlineData(new[] { 1, 3, 5, 7 }, "1..7..2")]
    [InlineData(new[] { 0, 1, 2, 4, 8, 12, 16, 17 }, "0..2,4,8,12,16,17")]
    [InlineData(new[] { 0, 1, 2, 4, 8, 12, 16, 19, 20, 21 }, "0..2,4..16..4,19..21")]
    public void Its_text_is_short(int[] numbers, string text) => Assert.Equal(text, NumberSet.From(numbers).ToString());

    [Fact]
    public void The_greatest_numbers_do_not_overflow()
    {
        var all = NumberSet.Range(0, int.MaxValue);
        Assert.Equal(1L << 31, all.Count);
        Assert.Equal(all, NumberSet.Range(0, 5).Union(NumberSet.Range(6, int.MaxValue)));
        Assert.Equal(NumberSet.Range(0, 5), all.Except(NumberSet.Range(6, int.MaxValue)));
        Assert.Equal([int.MaxValue], NumberSet.Of(int.MaxValue).Numbers);
    }
}
