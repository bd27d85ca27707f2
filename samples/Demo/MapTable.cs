using Spectre.Console;

namespace Lanyard.Demo;

/// <summary>The typed parameter map of a model as a table, one row for each parameter of each class.</summary>
internal static class MapTable
{
    public static Table Of(IParameterModule model, bool unicode, bool wide)
    {
        var table = new Table { Border = unicode ? TableBorder.Rounded : TableBorder.Ascii2, ShowRowSeparators = true };
        table.AddColumn("Parameter", column => column.NoWrap = wide);
        table.AddColumns("Model layout, with sizes", "Filled from, in checkpoint layout", "Sharded by", "Post-load");
        foreach (var alike in model.AllParameters().GroupBy(item => (item.Parameter.Entry, Sizes(item.Parameter))))
        {
            var parameter = alike.First().Parameter;
            table.AddRow(
                Markup.Escape(string.Join("\n", NameFolding.Fold(alike.Select(item => item.Name)))),
                Markup.Escape($"{parameter.Entry.Pattern}{(parameter.Entry.Kernel is { } kernel ? $"\nkernel: {kernel}" : "")}\n{Sizes(parameter)}"),
                Markup.Escape(string.Join("\n", parameter.Entry.Sources.Select(Source))),
                Markup.Escape(string.Join(", ", Axes(parameter).Where(axis => axis.Shard != Shard.None).Select(axis => $"{axis.Name} ({axis.Shard.ToString().ToLowerInvariant()})"))),
                Markup.Escape(string.Join(", ", PostLoads(parameter))));
        }
        return table;
    }

    private static string Source(CheckpointSource source) =>
        $"{source.Name} : {source.Pattern}{(source.Part is null ? "" : $", part {source.Part}")}{(source.Format.Length == 0 ? "" : $"   [{source.Format}]")}";

    private static string Sizes(BoundParameter parameter) => string.Join(", ", Axes(parameter).Select(axis =>
        $"{axis.Name} = {parameter.Owner.Axes.First(sized => sized.Name == axis.Name).Size}{(axis.Labels.IsEmpty ? "" : $" ({string.Join(", ", axis.Labels)})")}"));

    private static IEnumerable<AxisEntry> Axes(BoundParameter parameter)
    {
        var words = parameter.Entry.Pattern.Split([' ', '(', ')', '+', ':', ','], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return parameter.Owner.Map.Axes.Where(axis => words.Contains(axis.Name));
    }

    private static IEnumerable<string> PostLoads(BoundParameter parameter) =>
        parameter.Owner.Map.PostLoads.Where(method => method.Writes.Contains(parameter.Entry.Index)).Select(method => $"made by {method.Method}")
            .Concat(parameter.Owner.Map.PostLoads.Where(method => method.Reads.Contains(parameter.Entry.Index) && !method.Writes.Contains(parameter.Entry.Index)).Select(method => $"read by {method.Method}"));
}
