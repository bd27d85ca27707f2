namespace Lanyard.Names;

/// <summary>Names that differ in their numbers alone.</summary>
internal sealed class NameClass
{
    private const int MostParts = 32;

    private readonly Dictionary<string, string> _members = new(StringComparer.Ordinal);

    private NameClass(string shape) => (Shape, Parts) = (shape, shape.Split('.'));

    /// <summary>The names without their numbers, as <see cref="NameFolding.Shape"/> has it.</summary>
    public string Shape { get; }

    /// <summary>Its parts.</summary>
    public string[] Parts { get; }

    /// <summary>The names, by their numbers.</summary>
    public IReadOnlyDictionary<string, string> Members => _members;

    /// <summary>Sorts names into classes.</summary>
    /// <param name="names">The names.</param>
    /// <param name="most">The number of classes after which others are left out, as those of more than 32 parts are.</param>
    public static List<NameClass> Of(IEnumerable<string> names, int most)
    {
        var classes = new Dictionary<string, NameClass>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var shape = NameFolding.Shape(name);
            if (!classes.TryGetValue(shape, out var known))
            {
                if (classes.Count == most || shape.Count(letter => letter == '.') >= MostParts) continue;
                classes.Add(shape, known = new NameClass(shape));
            }
            var numbers = DottedName.Numbers(name);
            if (!known._members.ContainsKey(numbers)) known._members.Add(numbers, name);
        }
        return [.. classes.Values];
    }

    /// <summary>The name of the shape with the numbers of another name.</summary>
    public string With(string numbers)
    {
        var left = numbers.Split('.');
        var next = 0;
        return string.Join(".", Parts.Select(part => part == "#" ? left[next++] : part.StartsWith("##", StringComparison.Ordinal) ? part[1..] : part));
    }
}
