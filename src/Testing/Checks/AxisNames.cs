using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Testing.Checks;

/// <summary>The axes that a pattern or a name has, also within others.</summary>
internal static class AxisNames
{
    public static IEnumerable<string> In(NamePattern name) => name.Holes.SelectMany(hole => In(hole.Composition));

    public static IEnumerable<string> In(ImmutableArray<ItemNode> items) => items.SelectMany(In);

    private static IEnumerable<string> In(ItemNode item) => item switch
    {
        AxisNode axis => [axis.Name],
        PadNode pad => In(pad.Composition),
        BlocksNode blocks => In(blocks.Composition),
        CompositionNode composition => composition.Parts.SelectMany(part => In(part.Items)),
        _ => [],
    };
}
