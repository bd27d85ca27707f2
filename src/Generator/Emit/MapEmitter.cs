using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes the static map: what the class declares, the same for every instance.</summary>
internal static class MapEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        writer.Lines($"""/// <summary>The parameter map of <see cref="{module.Cref}"/>: what the class declares, the same for every instance.</summary>""");
        writer.Block($"public static {ModuleEmitter.Hide(module.Hiding, "Map")}class Map", () =>
        {
            // Before the entries: the static fields of a class are set in the order in which they stand.
            var encodings = EncodingEmitter.Fields(module);
            foreach (var (encoding, field) in encodings) EncodingEmitter.Emit(writer, encoding, field);
            for (var i = 0; i < module.Parameters.Count; i++) Entry(writer, module, i, encodings);
            writer.Lines("/// <summary>All of it, as the runtime reads it.</summary>");
            writer.Block($"public static global::Lanyard.ModuleMap Module {{ get; }} = new()", () =>
            {
                writer.Lines($"Type = {Literals.Text(module.Name)},");
                writer.List("Axes =", [.. module.Axes.Select(Axis)], ",");
                writer.Lines($"Parameters = [{string.Join(", ", module.Parameters.Select(static parameter => Identifiers.Escape(parameter.Property)))}],");
                writer.List("PostLoads =", [.. module.PostLoads.Select(PostLoad)], ",");
                if (Names(module, static kind => kind != ChildKind.List) is { Count: > 0 } children) writer.Lines($"Children = {Literals.Texts(children)},");
                if (Names(module, static kind => kind == ChildKind.List) is { Count: > 0 } lists) writer.Lines($"Lists = {Literals.Texts(lists)},");
                if (ChildNames(module) is { Count: > 0 } names) writer.List("ChildNames =", names, ",");
                if (module.ReadsInConstructor) writer.Lines("ReadsInConstructor = true,");
                if (module.Prefixes.Count > 0) writer.List("Prefixes =", [.. module.Prefixes.Select(static prefix => $"new({Literals.Text(prefix.Prefix)}{(prefix.Convention.Length > 0 ? $", {Literals.Text(prefix.Convention)}" : "")})")], ",");
                if (module.Ignores.Count > 0) writer.List("Ignores =", [.. module.Ignores.Select(static ignore => $"new({Literals.Text(ignore.Pattern)}{(ignore.Optional ? ", Optional: true" : "")}{(ignore.When is null ? "" : ", Conditional: true")}{(ignore.Numbers is null ? "" : ", Numbered: true")})")], ",");
                if (module.Aliases.Count > 0) writer.List("Aliases =", [.. module.Aliases.Select(static alias => $"new({Literals.Text(alias.Alias)}, {Literals.Text(alias.Name)})")], ",");
            }, "};");
        });
    }

    private static List<string> Names(ModuleModel module, Func<ChildKind, bool> isOf) => [.. module.Children.Where(child => isOf(child.Kind)).Select(static child => child.Name)];

    private static List<string> ChildNames(ModuleModel module) =>
        [.. module.Children.SelectMany(static child => child.Names.Select(name => $"new({Literals.Text(child.Name)}, {Literals.Text(name.Format)}, {Literals.Text(name.Name)}{(name.Convention.Length > 0 ? $", {Literals.Text(name.Convention)}" : "")})"))];

    private static void Entry(CodeWriter writer, ModuleModel module, int index, List<(EncodingModel Encoding, string Field)> encodings)
    {
        var parameter = module.Parameters[index];
        writer.Lines($"/// <summary>The entry of {ModuleEmitter.Cref(module, parameter.Property)}.</summary>");
        writer.List(
            $"public static {(parameter.HidesInMap ? "new " : "")}global::Lanyard.ParameterEntry {Identifiers.Escape(parameter.Property)} {{ get; }} = new({index}, {Literals.Text(parameter.Property)}, {Literals.Text(parameter.Name)}, {Literals.Text(parameter.Pattern)},",
            [.. parameter.Sources.Select(source => Source(source, encodings))],
            IsPlain(parameter) ? ");" : ")");
        if (!IsPlain(parameter)) writer.Block(null, () => Initializers(writer, parameter), "};");
        writer.Lines("");
    }

    private static bool IsPlain(ParameterModel parameter) => parameter is { Kernel: null, Type: null, Absent: null, Constants.Count: 0, Adapters: null };

    private static void Initializers(CodeWriter writer, ParameterModel parameter)
    {
        if (parameter.Kernel is { } kernel) writer.Lines($"Kernel = {Literals.Text(kernel)},");
        if (parameter.Type is { } type) writer.Lines($"Type = {type},");
        if (parameter.Absent is { } absent) writer.Lines($"Absent = {Literals.Number(absent)},");
        if (parameter.Adapters is { } adapters) writer.Lines($"Adapters = global::Lanyard.AdapterUse.{adapters},");
        if (parameter.Constants.Count > 0) writer.Lines($"Constants = [{string.Join(", ", parameter.Constants.Select(Constant))}],");
    }

    private static string Constant(ConstantModel constant) =>
        $"new({Literals.Text(constant.Part)}, {Literals.Number(constant.Value)}{(constant.Format is { } format ? $", {Literals.Text(format)}" : "")})";

    private static string Source(SourceModel source, List<(EncodingModel Encoding, string Field)> encodings)
    {
        var initializers = source.Initializers.ToList();
        if (source.Encoding is { } encoding) initializers.Insert(0, $"Encoding = {encodings.Find(found => found.Encoding == encoding).Field}");
        var text = $"new({Literals.Text(source.Name)}, {Literals.Text(source.Pattern)}";
        if (source.Part is { } part) text += $", Part: {Literals.Text(part)}";
        if (source.Format is { } format) text += $", Format: {Literals.Text(format)}";
        return text + (initializers.Count == 0 ? ")" : $") {{ {string.Join(", ", initializers)} }}");
    }

    private static string Axis(AxisModel axis) =>
        $"new({Literals.Text(axis.Name)}, {axis.Shard}, {Literals.Flag(axis.Replicate)}, {Literals.Texts(axis.Labels)}{(axis.PadTo == 1 ? "" : $", PadTo: {axis.PadTo}")}){(axis.Rest.Count == 0 ? "" : $" {{ {string.Join(", ", axis.Rest)} }}")}";

    private static string PostLoad(PostLoadModel method) =>
        $"new({Literals.Text(method.Method)}, {Literals.Numbers(method.Reads)}, {Literals.Numbers(method.Writes)}{(method.Undo is { } undo ? ", Undo: " + Literals.Text(undo) : "")})";
}
