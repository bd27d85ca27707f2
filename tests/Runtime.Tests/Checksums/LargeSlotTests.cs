using System.IO.Hashing;
using Lanyard.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>Slots that are larger than the pieces in which they are copied.</summary>
public sealed class LargeSlotTests
{
    [Theory]
    [InlineData("few many", "few many")]
    [InlineData("many few", "few many")]
    [InlineData("few many", "many few")]
    [InlineData("many middle few", "few middle many")]
    [InlineData("middle many few", "few middle many")]
    public void The_hash_is_that_of_the_whole(string parameter, string source)
    {
        using var scope = NewDisposeScope();
        var middle = parameter.Contains("middle") ? 5 : 1;
        Axes3 axes = new(3, middle, (5_000_011 / middle) + 1);
        var module = new MappedModule(parameter, [new LayoutSource("w", source)], axes.Used(parameter));
        var tensor = torch.randn([.. Layout.FullShapeOf(Pattern.Parse(source), axes.Used(parameter))]);
        using (var refit = module.BeginRefit(RefitMode.InPlace))
        {
            refit.Write("w", tensor);
            refit.Commit();
        }
        var held = module.Checksums();
        Assert.Equal(XxHash128.HashToUInt128(tensor.bytes), Assert.Single(held.Slots).Hash);

        // Converted on the way, and from the last piece, too.
        Proofs.Holds(module, [KeyValuePair.Create("w", tensor.to_type(ScalarType.Float64))]);
        Proofs.Flip(tensor, tensor.numel() - 1, 3);
        Assert.Single(Proofs.Compare(module, [KeyValuePair.Create("w", tensor)]).Differing);
        module.Parameters[0].Value.Dispose();
    }

    private sealed record Axes3(long Few, long Middle, long Many)
    {
        public System.Collections.Immutable.ImmutableArray<Axis> Used(string pattern) =>
            [.. new Axis[] { new("few", Few), new("middle", Middle), new("many", Many) }.Where(axis => pattern.Split(' ').Contains(axis.Name))];
    }
}
