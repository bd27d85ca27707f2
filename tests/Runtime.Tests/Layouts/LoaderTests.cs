using System.Text.Json.Nodes;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Layouts;

/// <summary>What vLLM's loaders put on every rank, against one declaration for each of them.</summary>
public sealed class LoaderTests
{
    public static TheoryData<string> Cases => [.. LoaderGoldens.All.Select(golden => golden.Case)];

    public static TheoryData<string> Formulas => [.. LoaderFormulas.All.Select(formula => formula.Loader.What)];

    [Fact]
    public void Every_case_and_every_rank_is_there()
    {
        var cases = JsonNode.Parse(File.ReadAllText(Fixtures.Path("vllm", "shards.json")))!.AsArray();
        Assert.Equal(cases.Select(c => (string?)c!["case"]).Order(), LoaderGoldens.All.Select(golden => golden.Case).Append("expert-map").Order());
        Assert.Equal(147, Loaders.All.Sum(LoaderGoldens.Ranks));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_rank_holds_what_their_loader_puts_there(string name)
    {
        var (_, loader, sizes) = LoaderGoldens.All.Single(golden => golden.Case == name);
        var input = Input(name);
        foreach (var (key, expected) in GoldenTensor.Read(LoaderGoldens.Tensors, $"{name}/out/"))
        {
            var plan = loader.Resolve(sizes, Rank(key));
            Assert.Equal(expected.Shape.AsEnumerable(), plan.Shape.AsEnumerable());
            Assert.Equal(expected.Bits, plan.Load(input));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_ranks_together_give_the_tensors_back(string name)
    {
        var (_, loader, sizes) = LoaderGoldens.All.Single(golden => golden.Case == name);
        var input = Input(name);
        foreach (var size in GoldenTensor.Read(LoaderGoldens.Tensors, $"{name}/out/").GroupBy(pair => pair.Key.Split('-')[^1]))
        {
            var exported = Copies.Blank(input);
            foreach (var (key, held) in size)
                loader.Resolve(sizes, Rank(key)).Export(held.Bits, exported);
            foreach (var (tensor, (bits, writes)) in exported)
            {
                // Keys and values lie on several ranks where there are fewer of them than ranks.
                Assert.DoesNotContain(0, writes);
                Assert.Equal(input[tensor].Bits, bits);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_rank_holds_what_their_formula_says(string what)
    {
        var (loader, sizes, elements) = LoaderFormulas.All.Single(formula => formula.Loader.What == what);
        foreach (var ranks in (int[])[1, 2, 4])
        {
            for (var rank = 0; rank < ranks; rank++)
            {
                var plan = loader.Resolve(sizes, new Topology(rank, ranks));
                Assert.Equal(elements(rank, ranks), plan.Elements().Select(element => element!.Value));
            }
        }
    }

    [Fact]
    public void The_page_shows_every_loader_as_it_is_declared() => DocPage.HoldsTable(
        "conversions.md",
        "## vLLM",
        Loaders.All.Select(loader => loader.Row(HeldAgainst(loader))));

    private static string HeldAgainst(Loader loader)
    {
        var ranks = LoaderGoldens.Ranks(loader);
        Assert.True(ranks > 0 != LoaderFormulas.All.Any(formula => formula.Loader == loader), $"{loader.What} needs one oracle.");
        return ranks > 0 ? $"their code, {ranks} ranks" : "their formula";
    }

    private static Dictionary<string, GoldenTensor> Input(string name) => GoldenTensor.Read(LoaderGoldens.Tensors, $"{name}/in/");

    /// <summary>The topology of <c>1-of-4</c>.</summary>
    private static Topology Rank(string key)
    {
        var numbers = key.Split("-of-");
        return new Topology(int.Parse(numbers[0]), int.Parse(numbers[1]));
    }
}
