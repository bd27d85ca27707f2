using System.Text.Json;

namespace Lanyard.Generator.Tests.Editors;

/// <summary>A diagnostic as an editor is told it.</summary>
/// <param name="Code">The id of its rule.</param>
/// <param name="Severity">1 is an error, 2 a warning, 3 an information, 4 a hint.</param>
/// <param name="Start">Where it begins, line and character from 0.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Message">What it says.</param>
internal sealed record ShownDiagnostic(string Code, int Severity, (int Line, int Character) Start, (int Line, int Character) End, string Message)
{
    public static ShownDiagnostic Of(JsonElement item) => new(
        item.GetProperty("code").GetString()!,
        item.GetProperty("severity").GetInt32(),
        Place(item.GetProperty("range").GetProperty("start")),
        Place(item.GetProperty("range").GetProperty("end")),
        item.GetProperty("message").GetString()!);

    private static (int Line, int Character) Place(JsonElement place) => (place.GetProperty("line").GetInt32(), place.GetProperty("character").GetInt32());
}
