using CsCheck;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>What is found without expanding is what is found among all names.</summary>
public sealed class LookUpTests
{
    private const string Seed = "0000KvJ1wWX2";

    private static readonly Gen<(Dictionary<string, int> Tensors, TensorList List)> Lists =
        RandomNames.Tensors.Where(tensors => tensors.Count > 0).Select(tensors => (tensors, TensorList.Read(RandomNames.Header(tensors), "x.json")));

    [Fact]
    public void A_query_finds_its_names() => Gen.Select(Lists, RandomNames.Query.List[20]).Sample((lists, queries) =>
    {
        foreach (var query in queries)
        {
            var expected = NaiveNames.Find(lists.Tensors.Keys, query).ToList();
            var found = lists.List.Find(new NameQuery(query));
            Assert.Equal(expected.Select(match => match.Name).Order(), found.SelectMany(match => match.Name.Expand()).Order());
            Assert.Equal(expected.Select(match => match.Numbers).Order(), found.SelectMany(match => NaiveNames.Tuples(match.Holes)).Order());
            Assert.Equal(expected.Count, found.Sum(match => match.Count));
            Assert.Equal(found.Select(match => match.Row).Order(), found.Select(match => match.Row));
            Assert.All(found, match => Assert.Same(lists.List.Rows[match.Row], match.Tensor));
            Assert.All(found, match => Assert.Equal("", $"{match.Rest}"));
        }
    }, iter: 500, seed: Seed, threads: 1);

    [Fact]
    public void A_name_finds_its_row() => Gen.Select(Lists, RandomNames.Name.List[40]).Sample((lists, names) =>
    {
        foreach (var name in names.Concat(lists.Tensors.Keys))
        {
            var found = lists.List.Find(name);
            Assert.Equal(lists.Tensors.ContainsKey(name), found is not null);
            if (found is null) continue;
            Assert.Equal(name, $"{found.Name}");
            Assert.Contains(name, found.Tensor.Name.Expand());
            Assert.Equal(lists.Tensors[name], found.Tensor.Shape[0]);
        }
    }, iter: 500, seed: Seed, threads: 1);

    [Fact]
    public void A_prefix_finds_what_begins_with_it() => Gen.Select(Lists, RandomNames.Prefix.List[20]).Sample((lists, prefixes) =>
    {
        foreach (var prefix in prefixes)
        {
            var expected = lists.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            var found = lists.List.Below(prefix);
            Assert.Equal(expected.Order(), found.SelectMany(match => match.Name.Expand()).Order());
            Assert.Equal(expected.Order(), found.SelectMany(match => match.Rest.Expand().Select(rest => prefix + rest)).Order());
        }
    }, iter: 500, seed: Seed, threads: 1);

    [Fact]
    public void Numbers_below_a_prefix_are_in_groups_of_the_same_rows() => Gen.Select(Lists, RandomNames.Prefix.List[20]).Sample((lists, prefixes) =>
    {
        foreach (var prefix in prefixes)
        {
            var expected =
                from tensor in NaiveNames.Find(lists.Tensors.Keys.Select(name => name + ".").Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => prefix + name[prefix.Length..].Split('.')[0]), [prefix, ""])
                select int.Parse(tensor.Numbers);
            var groups = lists.List.NumbersBelow(prefix);
            Assert.Equal(expected.Distinct().Order(), groups.SelectMany(group => group.Numbers).Order());
            Assert.Equal(groups.Select(group => group.First).Order(), groups.Select(group => group.First));
            // What has the same rows is one group, what has others another.
            var rows = groups.SelectMany((group, i) => group.Numbers.Select(number => (i, Rows: string.Join(" ", Whole(lists.List, $"{prefix}{number}"))))).Distinct().ToList();
            Assert.Equal(groups.Length, rows.Count);
            Assert.Equal(groups.Length, rows.Select(row => row.Rows).Distinct().Count());
        }
    }, iter: 500, seed: Seed, threads: 1);

    [Fact]
    public void What_nobody_claimed_remains() => Gen.Select(Gen.Int[0, 5].HashSet[1, 5].List[0, 3], Gen.Int[0, 5].HashSet[1, 4].List[3].List[0, 6]).Sample((holes, claims) =>
    {
        var texts = Enumerable.Range(0, holes.Count + 1).Select(i => $"t{(char)('a' + i)}.");
        var row = new ListedTensor(new([.. texts], [.. holes.Select(NumberSet.From)]), 0, 1);
        var left = NaiveNames.Tuples(row.Name.Holes).ToHashSet();
        var remaining = new Remaining(row);
        foreach (var claim in claims)
        {
            NumberSet[] sets = [.. claim.Take(row.Name.Holes.Length).Select(NumberSet.From)];
            var (before, tuples) = (left.Count, NaiveNames.Tuples(sets).ToList());
            left.ExceptWith(tuples);
            Assert.Equal(before - left.Count, remaining.Claim([.. sets]));
            Assert.Equal(left.Count, remaining.Count);
            Assert.Equal(left.Count == 0, remaining.IsEmpty);
            Assert.Equal(left.Count, remaining.Names.SelectMany(name => name.Expand()).Distinct().Count());
            Assert.Equal(left.Count, remaining.Names.Sum(name => name.Count));
        }
    }, iter: 3000, seed: Seed, threads: 1);

    [Theory]
    [InlineData("l.3.e.", ".w", "l.{0..5}.e.{0..7}.w", "0..7", "3|0..7")]
    [InlineData("l.", ".e.2.w", "l.{0..5}.e.{0..7}.w", "0..5", "0..5|2")]
    [InlineData("shard_", "", "shard_3", "3", "")]
    [InlineData("l.6.e.", ".w", null, null, null)]
    [InlineData("l.03.e.", ".w", null, null, null)]
    public void A_query_leaves_of_each_hole_what_it_says(string before, string after, string? row, string? hole, string? left)
    {
        var list = TensorList.Read("""{"tensors": [{"name": "l.{0..5}.e.{0..7}.w"}, {"name": "shard_3"}, {"name": "shard_03"}]}""", "x.json");
        var found = list.Find(new NameQuery(before, after));
        if (row is null)
        {
            Assert.Empty(found);
            return;
        }
        var match = Assert.Single(found);
        Assert.Equal((row, hole, left), ($"{match.Tensor.Name}", $"{match.Holes.Single()}", string.Join("|", match.Left)));
    }

    [Fact]
    public void A_number_at_the_end_of_a_prefix_is_whole()
    {
        var list = TensorList.Read("""{"tensors": [{"name": "l.{0..40}.w"}, {"name": "l.3"}]}""", "x.json");
        Assert.Equal(["l.3", "l.3.w"], list.Below("l.3").Select(match => $"{match.Name}").Order());
    }

    private static IEnumerable<int> Whole(TensorList list, string prefix) => list.Below(prefix).Where(match => $"{match.Rest}" is "" or ['.', ..]).Select(match => match.Row);
}
