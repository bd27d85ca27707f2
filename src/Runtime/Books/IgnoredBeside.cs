using Lanyard.Names;

namespace Lanyard.Books;

/// <summary>Ignored tensors that stand beside one that is loaded, under the name of what usually belongs to it: likely an ignore is wider than was meant.</summary>
internal static class IgnoredBeside
{
    // What a weight has beside it, as the last word of a name. Scales of activations and of caches are none of a weight.
    private static readonly string[] Kinds = ["bias", "weight", "scale", "scales", "scale_inv", "weight_scale", "weight_scale_inv", "weight_scale_2", "weight_global_scale", "weight_zero_point", "zero_point", "zeros", "qzeros", "qweight", "weight_packed", "weight_g_idx", "g_idx", "absmax", "SCB", "blocks"];

    /// <summary>Each such tensor, with the one that is loaded.</summary>
    /// <param name="ignored">The names that were left alone.</param>
    /// <param name="loaded">The names that were taken.</param>
    public static IEnumerable<(string Ignored, string Loaded)> Of(IReadOnlyCollection<string> ignored, IEnumerable<string> loaded)
    {
        if (ignored.Count == 0) return [];
        var beside = ignored.Select(DottedName.Parent).ToHashSet(StringComparer.Ordinal);
        var siblings = loaded.Where(name => beside.Contains(DottedName.Parent(name))).ToLookup(DottedName.Parent, StringComparer.Ordinal);
        return from name in ignored
               let sibling = siblings[DottedName.Parent(name)].FirstOrDefault(other => Belongs(DottedName.Leaf(name), DottedName.Leaf(other)))
               where sibling is not null
               select (name, sibling);
    }

    /// <summary>Whether the last part of a name is that of something that belongs to another: <c>bias</c> beside <c>weight</c>, <c>up_proj_bias</c> beside <c>up_proj</c> or <c>up_proj_blocks</c>.</summary>
    private static bool Belongs(string leaf, string other)
    {
        foreach (var kind in Kinds)
        {
            if (leaf == kind) return Kinds.Contains(other);
            if (!leaf.EndsWith("_" + kind, StringComparison.Ordinal)) continue;
            var stem = leaf[..^(kind.Length + 1)];
            if (other == stem || Kinds.Any(own => other == $"{stem}_{own}")) return true;
        }
        return false;
    }
}
