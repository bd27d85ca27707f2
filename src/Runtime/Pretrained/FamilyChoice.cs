namespace Lanyard.Pretrained;

/// <summary>The one family that a configuration is of.</summary>
internal static class FamilyChoice
{
    /// <exception cref="CheckpointException">None of those that the program knows, or several.</exception>
    public static ModelFamily For(PretrainedConfig config)
    {
        var known = ModelFamilies.Known;
        var found = known.Where(family => family.Runs(config)).ToList();
        if (found is [var one]) return one;
        var what = Said(config);
        if (found.Count > 1) throw new CheckpointException(config.Source, $"{what}, which {string.Join(" and ", found.Select(family => family.Class))} say that they run: say which with AutoModel.FromPretrained<T>.");
        if (what.Length == 0) throw new CheckpointException(config.Source, "it has neither model_type nor architectures, which say what family the model is of: say it with AutoModel.FromPretrained<T>.");
        if (known.IsEmpty) throw new CheckpointException(config.Source, $"{what}, but the program knows no family. One is known where the program's project references both its assembly and the package Lanyard, whose generator writes the table of families, or where the program calls ModelFamilies.Add<T>().");
        var near = known.FirstOrDefault(family => config.ModelType is { } type && family.ModelTypes.Contains(type));
        throw new CheckpointException(config.Source, near is null
            ? $"{what}, which no family runs that the program knows: {string.Join("; ", known.Select(family => family.ToString()).Order(StringComparer.Ordinal))}."
            : $"{what}, and {near.Class} runs that model type as {string.Join(", ", near.Architectures)} alone. If it is that, AutoModel.FromPretrained<{near.Class.Name}> loads it so.");
    }

    private static string Said(PretrainedConfig config) => string.Join(", ",
        new[]
        {
            config.ModelType is { } type ? $"model_type is \"{type}\"" : "",
            config.Architectures.IsEmpty ? "" : $"architectures is [{string.Join(", ", config.Architectures.Select(name => $"\"{name}\""))}]",
        }.Where(text => text.Length > 0));
}
