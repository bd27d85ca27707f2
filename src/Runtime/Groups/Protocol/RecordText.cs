using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lanyard.Groups.Protocol;

/// <summary>The records of a group as text: JSON of one line, for people too.</summary>
internal static class RecordText
{
    private const string Vote = "lanyard.vote.1";
    private const string Decision = "lanyard.decision.1";
    private const string Group = "lanyard.group.1";
    private const string Mark = "lanyard.rank.1";

    public static string Of(Vote vote) => Write(Vote, json =>
    {
        json.WriteString("base", vote.Base);
        json.WriteString("version", vote.Version);
        json.WriteString("self", vote.Self);
        json.WriteString("process", vote.Process);
    });

    public static string Of(Decision decision) => Write(Decision, json =>
    {
        json.WriteString("decision", decision.IsCommit ? "commit" : "abandon");
        json.WriteString("version", decision.Version);
        json.WriteString("serves", decision.Serves);
        json.WriteString("self", decision.Self);
        json.WriteStartArray("ranks");
        foreach (var rank in decision.Ranks) json.WriteNumberValue(rank);
        json.WriteEndArray();
        json.WriteString("reason", decision.Reason);
    });

    /// <summary>What a group is: its size, and the version that it began with.</summary>
    public static string Of(int size, string first) => Write(Group, json =>
    {
        json.WriteNumber("size", size);
        json.WriteString("first", first);
    });

    /// <summary>That a process was a rank.</summary>
    public static string Of(string self, string process) => Write(Mark, json =>
    {
        json.WriteString("self", self);
        json.WriteString("process", process);
    });

    /// <exception cref="FormatException">It is no vote.</exception>
    public static Vote ReadVote(string text) => Read(text, Vote, json => new Vote(Text(json, "base"), Text(json, "version"), Text(json, "self"), Text(json, "process")));

    /// <exception cref="FormatException">It is no decision.</exception>
    public static Decision ReadDecision(string text) => Read(text, Decision, json => new Decision(
        Text(json, "decision") switch { "commit" => true, "abandon" => false, var other => throw new FormatException(other) },
        json.GetProperty("version").GetString(),
        Text(json, "serves"),
        Text(json, "self"),
        [.. json.GetProperty("ranks").EnumerateArray().Select(static rank => rank.GetInt32())],
        Text(json, "reason")));

    /// <exception cref="FormatException">It is not what a group is.</exception>
    public static (int Size, string First) ReadGroup(string text) => Read(text, Group, json => (json.GetProperty("size").GetInt32(), Text(json, "first")));

    /// <exception cref="FormatException">It is no mark of a rank.</exception>
    public static string ReadMark(string text) => Read(text, Mark, json => Text(json, "self"));

    private static string Write(string kind, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("record", kind);
            content(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static T Read<T>(string text, string kind, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Text(document.RootElement, "record") == kind ? read(document.RootElement) : throw new FormatException(kind);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Whatever it is, it is none of ours, or of a later Lanyard.
            throw new FormatException($"it is no {kind}", e);
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException(name);
}
