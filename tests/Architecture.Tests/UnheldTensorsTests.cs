using Lanyard.Generator;

namespace Lanyard.Architecture.Tests;

/// <summary>No code of ours hands on a tensor that a collection may free meanwhile.</summary>
public sealed class UnheldTensorsTests
{
    private const string Code = """
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        namespace Home;
        internal sealed class Some(Tensor kept)
        {
            public Tensor? Made;
            public static Tensor Twice(Tensor x) => x;
            public Tensor Value() => kept;
            $$$
        }
        """;

    // In these a scope is open that only a person can see, or what is called holds the tensor.
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["InProcessCollectives.AllReduce"] = "Together opens the scope in which it calls the lambda",
        ["InProcessCollectives.AllToAll"] = "Together opens the scope in which it calls the lambda",
        ["GroupParts.Sum"] = "MpiGroup.Together opens the scope in which it calls the lambda that calls this",
        ["GroupParts.Dealt"] = "MpiGroup.Together opens the scope in which it calls the lambda that calls this",
        ["DeepseekV4Experts.forward"] = "ExpertRun.Sum opens a scope for each expert",
        ["Gemma4Experts.forward"] = "ExpertRun.Sum opens a scope for each expert",
        ["GptOssExperts.forward"] = "ExpertRun.Sum opens a scope for each expert",
        ["NemotronHExperts.forward"] = "ExpertRun.Sum opens a scope for each expert",
        ["RoutedExperts.Run"] = "ExpertRun.Sum opens a scope for each expert",
        ["Llama4Experts.Run"] = "ExpertRun.Sum opens a scope for each expert",
        ["Gemma4Model.Embed"] = "DecoderStack calls it in its scope",
        ["Llama4Model.Embedded"] = "DecoderStack calls Embed in its scope",
        ["Ranks.SumOfExperts"] = "Sum holds what it is given, and disposes of it",
        ["TokenEmbedding.Logits"] = "Gather holds what it is given, and disposes of it or returns it",
    };

    [Theory]
    [InlineData("src/Runtime", "Lanyard")]
    [InlineData("src/Testing", "Lanyard.Testing", "Lanyard")]
    [InlineData("src/Distributed", "Lanyard.Distributed", "Lanyard")]
    [InlineData("src/Models", "Lanyard.Models", "Lanyard")]
    public void Every_tensor_that_is_handed_on_is_held(string project, string space, params string[] references)
    {
        var plan = new ProjectPlan(space) { References = references, Generators = project == "src/Models" ? [new ParameterModuleGenerator()] : [] };
        var found = Find(plan, ProjectFiles.Of(ProjectTests.Root, project)).Where(one => !Allowed.ContainsKey(one.Member)).Select(one => one.Text).ToList();
        Assert.True(found.Count == 0, "A collection may free these tensors under the call: give each a using, or open a dispose scope. docs/numbers.md\n" + string.Join("\n", found));
    }

    [Theory]
    [InlineData("void Do(Tensor x) { x.detach().clone(); }", "x.detach()")]
    [InlineData("float Do(Tensor x) => x[0].item<float>();", "x[0]")]
    [InlineData("Tensor Do(Tensor x) => cat([x.cpu(), x]);", "x.cpu()")]
    [InlineData("Tensor Do(Tensor x) => x * (x - x);", "x - x")]
    [InlineData("Tensor Do(Tensor x) => (x.is_neg() ? x.neg() : x).clone();", "x.neg()")]
    [InlineData("long[] Do(Tensor x) => x.t().shape;", "x.t()")]
    [InlineData("Tensor Do(Tensor x) => empty(0).set_(x);", "empty(0)")]
    [InlineData("Tensor Do(Tensor x) => Twice(x.t());", "x.t()")]
    [InlineData("Tensor Do(Tensor x) { var y = x.t(); return y.clone(); }", "y")]
    [InlineData("Tensor Do(Tensor x) { Tensor? y = null; y ??= x.t(); return y.clone(); }", "y")]
    [InlineData("Tensor Do(Tensor x) { var y = x.chunk(2); return y[0] * y[1]; }", "y[1]")]
    [InlineData("Tensor Do(Tensor x) { Tensor y; using (NewDisposeScope()) y = x; return x.t().clone(); }", "x.t()")]
    [InlineData("Tensor Do(Tensor x) => Apart(x); Tensor Apart(Tensor x) { using var scope = NewDisposeScope(); return Own(x); } Tensor Own(Tensor x) => x.t().clone(); Tensor Other(Tensor x) => Own(x);", "x.t()")]
    public void What_nobody_holds_is_found(string member, string tensor) => Assert.Contains($" {tensor} ", Assert.Single(Review(member)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Tensor Do(Tensor x) { using var y = x.t(); return y.clone(); }")]
    [InlineData("Tensor Do(Tensor x) { var y = x.t(); using (y) return y.clone(); }")]
    [InlineData("Tensor Do(Tensor x) { var y = x.t(); y.clone(); return y; }")]
    [InlineData("Tensor Do(Tensor x) { var y = x.t(); var z = y.clone(); System.GC.KeepAlive(y); return z; }")]
    [InlineData("Tensor Do(Tensor x) { using var scope = NewDisposeScope(); return x.t().clone().MoveToOuterDisposeScope(); }")]
    [InlineData("Tensor Do(Tensor x) { using (NewDisposeScope()) return x.t().clone().MoveToOuterDisposeScope(); }")]
    [InlineData("Tensor Do(Tensor x) { using var scope = NewDisposeScope(); return Own(x); } private Tensor Own(Tensor x) => x.t().clone();")]
    [InlineData("Tensor Do(Tensor x) { using var y = x.t(); return y.copy_(x).clone(); }")]
    [InlineData("void Do(Tensor x) => Made = x.clone().DetachFromDisposeScope();")]
    [InlineData("void Do(System.Collections.Generic.List<Tensor> all, Tensor x) => all.Add(x.clone());")]
    [InlineData("Tensor Do() => Value().clone();")]
    public void What_is_held_is_not(string member) => Assert.Empty(Review(member));

    private static IReadOnlyList<string> Review(string members) =>
        [.. Find(new ProjectPlan("Home"), [new SourceFile("Some.cs", ".", Code.Replace("$$$", members, StringComparison.Ordinal))]).Select(one => one.Text)];

    private static IEnumerable<(string Member, string Text)> Find(ProjectPlan plan, IReadOnlyList<SourceFile> files)
    {
        var (compilation, trees) = ProjectCompilation.Of(plan, files);
        var scopes = new DisposeScopes(compilation);
        return
            from one in trees.Keys.AsParallel().AsOrdered().SelectMany(tree => new UnheldTensors(compilation.GetSemanticModel(tree)).Find()).ToList()
            where !scopes.IsAlwaysOpenIn(one.Member)
            let member = $"{one.Member.ContainingType.Name}.{one.Member.Name}"
            select (member, $"{member}: {one.Tensor} ({trees[one.Tensor.SyntaxTree].Path}, line {one.Tensor.SyntaxTree.GetLineSpan(one.Tensor.Span).StartLinePosition.Line + 1})");
    }
}
