using System.Net;
using System.Text.Json.Nodes;
using Lanyard.Models.Layers;
using Lanyard.Tests;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Serving;

/// <summary>The sample server under clients and trainers: no answer is of two versions, and whoever dies leaves it whole.</summary>
public sealed class ServerTests : IDisposable
{
    private const int NewTokens = 12;

    private static readonly long[] Prompt = [1, 5, 9, 13, 17, 21, 25, 29, 33];
    private static readonly string First = Fixtures.Path("llama4");
    private static readonly string Second = Path.Combine(First, "refit");

    private readonly ServerProcess _server = new(First);

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Four_clients_and_a_trainer_get_no_mixed_answer()
    {
        var (first, second) = (Answer(First), Answer(Second));
        Assert.NotEqual(first, second);
        var (mixed, answers, restarted, stop) = (new List<string>(), 0, 0, false);
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref stop))
            {
                var (status, body) = await Ask();
                Assert.Equal(HttpStatusCode.OK, status);
                var (ids, version) = (Ids(body!), (string?)body!["version"]);
                if (!ids.SequenceEqual(version == "second" ? second : first))
                {
                    lock (mixed) mixed.Add($"{version}: {string.Join(' ', ids)}");
                }
                Interlocked.Increment(ref answers);
                Interlocked.Add(ref restarted, (int)body["restarts"]!);
            }
        })).ToList();
        for (var i = 0; i < 20; i++)
        {
            var number = await Begin(i % 2 == 0 ? "second" : "first");
            Assert.Equal(HttpStatusCode.OK, (await Write(number, i % 2 == 0 ? Second : First)).Status);
            Assert.True((bool)(await _server.Post($"refits/{number}/prepare", [])).Body!["isPrepared"]!);
            var (status, body) = await _server.Post($"refits/{number}/commit", []);
            Assert.Equal((HttpStatusCode.OK, i + 2L), (status, (long)body!["generation"]!));
        }
        Volatile.Write(ref stop, true);
        await Task.WhenAll(clients);
        Assert.Empty(mixed);
        Assert.True(answers >= 4, $"{answers} answers, {restarted} restarts");
        Assert.Equal(HttpStatusCode.OK, (await _server.Get("health")).Status);
    }

    [Fact]
    public async Task A_trainer_that_goes_away_leaves_the_old_weights_and_the_next_one_may_begin()
    {
        var number = await Begin("lost", lease: 0.5);
        await Write(number, Second);
        Assert.Equal(HttpStatusCode.Conflict, (await _server.Post("refits", Refit("other", 30))).Status);
        Assert.Contains("by trainer", (await _server.Get("status")).Text, StringComparison.Ordinal);
        for (var i = 0; i < 100 && (await _server.Post("refits", Refit("next", 30))).Status != HttpStatusCode.OK; i++) await Task.Delay(100);
        var (status, body) = await _server.Post($"refits/{number}/commit", []);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("nothing came for 0.5 s", (string)body!["why"]!, StringComparison.Ordinal);
        Assert.Equal(Answer(First), Ids((await Ask()).Body!));
    }

    [Fact]
    public async Task What_is_wrong_with_a_refit_is_told_and_changes_nothing()
    {
        var number = await Begin("wrong");
        var (status, body) = await Write(number, Fixtures.Path("llama3"));
        Assert.True(status is HttpStatusCode.OK, $"{status}: {body}");
        (status, body) = await _server.Post($"refits/{number}/prepare", []);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("llama3", (string)body!["why"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Write(number, "/nowhere")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Post("refits/77/commit", [])).Status);
        Assert.Equal(Answer(First), Ids((await Ask()).Body!));
    }

    [Fact]
    public async Task A_server_that_is_killed_in_a_refit_is_whole_when_it_starts_again()
    {
        var number = await Begin("killed");
        await Write(number, Second);
        await _server.Post($"refits/{number}/prepare", []);
        _server.Kill();
        using var again = new ServerProcess(First);
        Assert.Equal(HttpStatusCode.OK, (await again.Get("health")).Status);
        var (_, body) = await again.Post("generate", Question());
        Assert.Equal(Answer(First), Ids(body!));
        Assert.Equal(1, (long)body!["generation"]!);
    }

    [Fact]
    public async Task Adapters_come_and_go_and_slots_are_told()
    {
        using var server = new ServerProcess(Fixtures.Path("llama3"));
        var before = Ids((await server.Post("generate", Question())).Body!);
        var (status, body) = await server.Post("adapter", new JsonObject { ["folder"] = Fixtures.Path("llama3-lora", "lora") });
        Assert.True(status == HttpStatusCode.OK, $"{status}: {body}");
        Assert.True((int)body!["targets"]! > 0);
        Assert.Equal(2, (long)(await server.Post("generate", Question())).Body!["generation"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Post("adapter", new JsonObject { ["folder"] = "/nowhere" })).Status);
        Assert.Equal(before, Ids((await server.Post("generate", Question())).Body!));
        Assert.Contains("q_proj.weight", (await server.Get("slots")).Text, StringComparison.Ordinal);
    }

    private static JsonObject Question() => new() { ["ids"] = new JsonArray([.. Prompt.Select(id => JsonValue.Create(id))]), ["newTokens"] = NewTokens };

    private static JsonObject Refit(string version, double lease) => new() { ["by"] = "trainer", ["version"] = version, ["leaseSeconds"] = lease };

    private static long[] Ids(JsonNode body) => [.. body["ids"]!.AsArray().Select(id => (long)id!)];

    /// <summary>What a model of one version answers.</summary>
    private static long[] Answer(string folder)
    {
        using var model = (CausalLM)AutoModel.FromPretrained(First);
        if (folder != First)
        {
            using var checkpoint = Checkpoints.Checkpoint.Open(folder);
            using var refit = ((IParameterModule)model).BeginRefit();
            refit.Write(checkpoint);
            refit.Commit();
        }
        using var prompt = tensor(Prompt, [1, Prompt.Length]);
        using var text = model.Generate(prompt, NewTokens);
        return text.data<long>().ToArray();
    }

    private Task<(HttpStatusCode Status, JsonNode? Body)> Ask() => _server.Post("generate", Question());

    private async Task<int> Begin(string version, double lease = 60)
    {
        var (status, body) = await _server.Post("refits", Refit(version, lease));
        Assert.True(status == HttpStatusCode.OK, $"{status}: {body}");
        return (int)body!["number"]!;
    }

    private Task<(HttpStatusCode Status, JsonNode? Body)> Write(int number, string folder) => _server.Post($"refits/{number}/weights", new JsonObject { ["folder"] = folder });
}
