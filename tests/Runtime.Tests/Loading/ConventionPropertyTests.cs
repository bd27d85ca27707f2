using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Random trees whose children have several names, against names that are put together here.</summary>
public sealed class ConventionPropertyTests : IDisposable
{
    private static readonly string[] Conventions = ["", "old", "new"];
    private static readonly string[] Formats = ["", "flat"];

    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Random_trees_are_named_as_their_classes_say()
    {
        var random = new Random(11);
        var (mixtures, refused) = (0, 0);
        for (var tree = 0; tree < 40; tree++)
        {
            var left = random.Next(1, 10);
            using var model = Random(random, ref left);
            var nodes = Nodes(model).ToList();
            foreach (var format in Formats)
            {
                var names = Conventions.ToDictionary(convention => convention, convention => Names(model, convention, format, "").ToList());
                var options = new LoadOptions { Format = format };
                foreach (var convention in Conventions)
                {
                    _files.Load(model, Weights(names[convention], 1), options);
                    Check(nodes, 1);
                    var other = Conventions[random.Next(3)];
                    using (var refit = model.BeginRefit((RefitMode)random.Next(2), options: options))
                    {
                        foreach (var (name, tensor) in Weights(names[other], 2).OrderBy(_ => random.Next())) refit.Write(name, tensor);
                        refit.Commit();
                    }
                    Check(nodes, 2);
                    var folder = Directory.CreateTempSubdirectory("lanyard-");
                    model.Export(folder.FullName, new ExportOptions { Convention = convention.Length == 0 ? null : convention, Format = format });
                    using (var exported = Checkpoint.Open(folder.FullName)) Assert.Equal(names[convention].Order(), exported.Tensors.Keys.Order());
                    folder.Delete(recursive: true);

                    // Some under another convention: refused unless one convention happens to have all of these names. Some under both: one is enough.
                    var (mixed, both) = (Weights(names[convention], 3), Weights(names[convention], 3));
                    for (var i = 0; i < nodes.Count; i++)
                    {
                        if (random.Next(2) == 0) continue;
                        mixed.Remove(names[convention][i]);
                        mixed.TryAdd(names[other][i], Value(i, 3));
                        both.TryAdd(names[other][i], Value(i, 3));
                    }
                    var isCovered = Conventions.Any(any => names[any].Order().SequenceEqual(mixed.Keys.Order()));
                    (mixtures, refused) = (mixtures + 1, refused + (isCovered ? 0 : 1));
                    foreach (var weights in new[] { mixed, both })
                    {
                        var isRight = isCovered || weights == both;
                        using var refit = model.BeginRefit(options: options);
                        if (random.Next(2) == 0) refit.Write(_files.Stored(weights));
                        else foreach (var (name, tensor) in weights.OrderBy(_ => random.Next())) refit.Write(name, tensor);
                        if (isRight) refit.Commit();
                        else Assert.All(Assert.Throws<LoadException>(() => refit.Commit()).Problems, problem => Assert.Equal(LoadProblemKind.MixedConventions, problem.Kind));
                        Check(nodes, weights == both || isRight ? 3 : 2);
                        if (isRight) continue;
                        Assert.All(_files.Refused(model, weights, options), problem => Assert.Equal(LoadProblemKind.MixedConventions, problem.Kind));
                    }
                }
            }
        }
        Assert.True(refused > 50 && mixtures - refused > 50, $"{refused} of {mixtures} were refused");
    }

    private static NameNode Random(Random random, ref int left)
    {
        var (items, budget) = (Math.Min(left / 2, random.Next(3)), left);
        budget -= items;
        var node = new NameNode(kind =>
        {
            if (kind != "item" && (budget <= 0 || random.Next(2) == 0)) return null;
            if (kind != "item") budget--;
            var below = budget / 2;
            budget -= below;
            return Random(random, ref below);
        }, items);
        left = budget;
        return node;
    }

    private static IEnumerable<NameNode> Nodes(NameNode node) =>
        [node, .. node.A is { } a ? Nodes(a) : [], .. node.B is { } b ? Nodes(b) : [], .. node.Items.SelectMany(Nodes)];

    private static IEnumerable<string> Names(NameNode node, string convention, string format, string prefix)
    {
        var own = prefix + (convention == "new" ? "pre." : "");
        var (a, b, items) = convention switch
        {
            "new" => ("alpha.x.", format == "flat" ? "bnf." : "b.", ""),
            "old" => ("aa.", format == "flat" ? "bf." : "beta.", "items."),
            _ => ("a.", format == "flat" ? "bf." : "beta.", "items."),
        };
        return
        [
            own + (format == "flat" ? "f" : "w"),
            .. node.A is { } first ? Names(first, convention, format, own + a) : [],
            .. node.B is { } second ? Names(second, convention, format, own + b) : [],
            .. node.Items.SelectMany((item, i) => Names(item, convention, format, $"{own}{items}{i + 5}.")),
        ];
    }

    private static Tensor Value(int node, float factor) => full(2, (node + 1) * factor);

    private static Dictionary<string, Tensor> Weights(List<string> names, float factor) => names.Index().ToDictionary(name => name.Item, name => Value(name.Index, factor));

    private static void Check(List<NameNode> nodes, float factor)
    {
        for (var i = 0; i < nodes.Count; i++) Bits.Are(nodes[i].Weight, _ => (i + 1) * factor);
    }
}
