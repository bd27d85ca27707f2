using System.Text.Json;
using StreamJsonRpc;

namespace Lanyard.Generator.Tests.Editors;

/// <summary>What an editor answers where a server asks.</summary>
internal sealed class EditorAnswers
{
    /// <summary>The user's settings: rules run, as csharp-ls does not let them by itself.</summary>
    [JsonRpcMethod("workspace/configuration", UseSingleObjectParameterDeserialization = true)]
    public static object[] Configuration(JsonElement request) => [.. request.GetProperty("items").EnumerateArray().Select(_ => new { analyzersEnabled = true })];

    /// <summary>The server asks for more of the editor's requests.</summary>
    [JsonRpcMethod("client/registerCapability", UseSingleObjectParameterDeserialization = true)]
    public static object? Register(JsonElement _) => null;

    /// <summary>The server is going to report how far it is.</summary>
    [JsonRpcMethod("window/workDoneProgress/create", UseSingleObjectParameterDeserialization = true)]
    public static object? Progress(JsonElement _) => null;
}
