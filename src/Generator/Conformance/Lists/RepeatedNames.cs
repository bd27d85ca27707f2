using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Finds the members of an object whose names stood in it before.</summary>
internal static class RepeatedNames
{
    // So few are compared sooner than hashed, and most objects of a list have three.
    private const int Few = 8;

    /// <summary>The nodes of such names, in order.</summary>
    [MethodImpl(Hot.Loop)]
    public static IReadOnlyList<int> Of(JsonText json, int node)
    {
        var end = json[node].Next;
        var count = 0;
        for (var name = node + 1; name < end && count <= Few; name = json[name + 1].Next) count++;
        var repeated = default(List<int>);
        var seen = count > Few ? new HashSet<int>(new Comparer(json)) : null;
        for (var name = node + 1; name < end; name = json[name + 1].Next)
            if (seen is null ? IsRepeated(json, node, name) : !seen.Add(name)) (repeated ??= []).Add(name);
        return repeated ?? (IReadOnlyList<int>)[];
    }

    [MethodImpl(Hot.Loop)]
    private static bool IsRepeated(JsonText json, int node, int name)
    {
        for (var earlier = node + 1; earlier < name; earlier = json[earlier + 1].Next)
            if (json.Equal(earlier, name)) return true;
        return false;
    }

    private sealed class Comparer(JsonText json) : IEqualityComparer<int>
    {
        [MethodImpl(Hot.Loop)]
        public bool Equals(int left, int right) => json.Equal(left, right);

        [MethodImpl(Hot.Loop)]
        public int GetHashCode(int name)
        {
            var (text, start, length) = (json.Text, json[name].Start, json[name].Length);
            if (json[name].HasEscapes) (text, start) = (json.String(name), 0);
            var hash = 17;
            for (var i = start; i < start + length && i < text.Length; i++) hash = unchecked((hash * 31) + text[i]);
            return hash;
        }
    }
}
