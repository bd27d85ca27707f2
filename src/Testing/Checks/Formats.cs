namespace Lanyard.Testing.Checks;

/// <summary>The formats that the classes of a model declare.</summary>
internal static class Formats
{
    public static IReadOnlyList<string> Of(IParameterModule model) =>
        [.. model.AllParameters().SelectMany(item => item.Parameter.Entry.Sources).Select(source => source.Format).Distinct()];
}
