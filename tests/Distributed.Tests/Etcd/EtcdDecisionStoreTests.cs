using System.Diagnostics;
using Lanyard.Distributed.Tests.Programs;
using Lanyard.Etcd;

namespace Lanyard.Distributed.Tests.Etcd;

public sealed class EtcdDecisionStoreTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [EtcdFact]
    public void Of_many_threads_and_processes_one_creates_a_record_and_all_are_told_it()
    {
        using var server = new EtcdServer();
        server.Start();
        using var folder = new ScratchFolder();
        using var one = new Started(Repository.Dotnet, Repository.Worker, "race", folder.Path, server.Address);
        using var other = new Started(Repository.Dotnet, Repository.Worker, "race", folder.Path, server.Address);
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(folder.Path, "ready-*").Length == 2 || one.HasEnded || other.HasEnded, TimeSpan.FromMinutes(1)));
        File.WriteAllText(Path.Combine(folder.Path, "go"), "");
        Assert.True(one.End(TimeSpan.FromMinutes(1)) == 0, one.Lines);
        Assert.True(other.End(TimeSpan.FromMinutes(1)) == 0, other.Lines);

        var told = Directory.GetFiles(folder.Path, "told-*").SelectMany(File.ReadAllLines).Select(line => line.Split(' ')).ToLookup(words => words[0], words => words[1]);
        Assert.Equal(25, told.Count);
        using var store = server.Open();
        foreach (var record in told)
        {
            Assert.Equal(16, record.Count());
            Assert.Equal(store.Find($"race/{record.Key}"), Assert.Single(record.Distinct()));
        }

        // Both have won now and then, else they did not race.
        Assert.Equal(2, told.Select(record => record.First().Split('-')[0]).Distinct().Count());
    }

    [EtcdFact]
    public void Records_come_back_as_they_were_and_are_never_changed()
    {
        using var server = new EtcdServer();
        server.Start();
        using var store = server.Open();
        var text = string.Concat(Enumerable.Repeat("one\0 line\r\n\ud83d\ude00 ", 2000));
        Assert.Null(store.Find("engine/12/rank-3"));
        Assert.Equal(text, store.Create("engine/12/rank-3", text));
        Assert.Equal(text, store.Create("engine/12/rank-3", "another"));
        Assert.Equal(text, store.Find("engine/12/rank-3"));
        Assert.Null(store.Find("engine/12/rank"));
        Assert.Equal("", store.Create("empty", ""));
        Assert.Equal("", store.Find("empty"));

        // Stores of other prefixes are others.
        using (var apart = new EtcdDecisionStore(server.Address, "elsewhere/")) Assert.Null(apart.Find("engine/12/rank-3"));
        using (var again = server.Open()) Assert.Equal(text, again.Find("engine/12/rank-3"));

        foreach (var name in new[] { "", "/", "a//b", "A", "a/.b", "a/", "ä", "a\n", new string('a', 201) }) Assert.Throws<ArgumentException>(() => store.Find(name));
        Assert.Throws<ArgumentException>(() => store.Create("half", "\ud83d"));
        Assert.Throws<ArgumentException>(() => store.Create("long", new string('a', (64 << 10) + 1)));
        Assert.Throws<OperationCanceledException>(() => store.Find("empty", new CancellationToken(canceled: true)));
    }

    [EtcdFact]
    public void What_is_no_record_is_told()
    {
        using var server = new EtcdServer();
        server.Start();
        using var store = server.Open();
        using var client = new dotnet_etcd.EtcdClient(server.Address);
        client.Put("lanyard/mine", "first");
        client.Put("lanyard/mine", "second");
        Assert.Contains("mine was changed after it was created", Assert.Throws<DecisionStoreException>(() => store.Find("mine")).Message, StringComparison.Ordinal);
        Assert.Contains("mine was changed after it was created", Assert.Throws<DecisionStoreException>(() => store.Create("mine", "third")).Message, StringComparison.Ordinal);
        client.Put(new Etcdserverpb.PutRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("lanyard/bytes"), Value = Google.Protobuf.ByteString.CopyFrom(0xff, 0xfe) });
        Assert.Contains("bytes is no text", Assert.Throws<DecisionStoreException>(() => store.Find("bytes")).Message, StringComparison.Ordinal);
    }

    [EtcdFact]
    public void A_store_that_cannot_be_reached_says_so_and_has_what_it_had_when_it_comes_again()
    {
        using var server = new EtcdServer();
        Assert.Matches($"^The store of decisions {server.Address}, lanyard/: .* What was asked may still be done.$", Assert.Throws<DecisionStoreException>(() => server.Open(Short)).Message);

        server.Start();
        using var store = server.Open(Short);
        Assert.Equal("before", store.Create("one", "before"));
        server.Kill();
        Assert.Contains("may still be done", Assert.Throws<DecisionStoreException>(() => store.Find("one")).Message, StringComparison.Ordinal);
        Assert.Throws<DecisionStoreException>(() => store.Create("two", "never"));
        server.Start();
        Assert.Equal("before", Again(() => store.Create("one", "after")));
        Assert.Equal("after", Again(() => store.Create("two", "after")));
        Assert.Equal("after", Again(() => store.Find("two")));
    }

    [EtcdFact]
    public void What_was_answered_is_there_after_a_kill_in_the_midst_of_it()
    {
        using var server = new EtcdServer();
        server.Start();
        using var store = server.Open();
        for (var kill = 0; kill < 3; kill++)
        {
            var created = new List<string>();
            using var some = new ManualResetEventSlim();
            var writer = Task.Run(() =>
            {
                for (var i = 0; ; i++)
                {
                    var name = $"kill-{kill}/{i}";
                    try
                    {
                        Assert.Equal(name, store.Create(name, name));
                    }
                    catch (DecisionStoreException)
                    {
                        return name;
                    }
                    created.Add(name);
                    if (i == 5 + (4 * kill)) some.Set();
                }
            });
            Assert.True(some.Wait(TimeSpan.FromMinutes(1)), $"{created.Count} were created");
            server.Kill();
            var last = writer.WaitAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();
            server.Start();
            Assert.All(created, name => Assert.Equal(name, Again(() => store.Find(name))));

            // Of this one nobody knew; whoever asks again is told, and from then on it is so.
            var told = Again(() => store.Create(last, "after"));
            Assert.Contains(told, new[] { last, "after" });
            Assert.Equal(told, store.Find(last));
        }
    }

    [EtcdFact]
    public void A_store_that_stands_still_is_waited_for_no_longer_than_was_said()
    {
        using var server = new EtcdServer();
        server.Start();
        using var store = server.Open(Short);
        store.Create("one", "first");
        server.Signal("STOP");
        try
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Contains("it has not answered for 1 s. What was asked may still be done", Assert.Throws<DecisionStoreException>(() => store.Create("two", "first")).Message, StringComparison.Ordinal);
            Assert.InRange(Stopwatch.GetElapsedTime(begun), Short * 0.9, TimeSpan.FromSeconds(20));
            using var stop = new CancellationTokenSource(100);
            Assert.ThrowsAny<OperationCanceledException>(() => store.Find("one", stop.Token));
        }
        finally
        {
            server.Signal("CONT");
        }
        var told = Again(() => store.Create("two", "second"));
        Assert.Contains(told, new[] { "first", "second" });
        Assert.Equal(told, store.Find("two"));
        Assert.Equal("first", store.Find("one"));
    }

    [EtcdFact]
    public void A_store_that_was_emptied_is_not_taken_for_a_new_one()
    {
        using var server = new EtcdServer();
        server.Start();
        using var store = server.Open(Short);
        store.Create("one", "first");
        server.Kill();
        server.Wipe();
        server.Start();
        Assert.Contains("it was emptied, or another is in its place", Unreached(() => store.Find("one")), StringComparison.Ordinal);
        Assert.Contains("it was emptied, or another is in its place", Unreached(() => store.Create("one", "second")), StringComparison.Ordinal);
        using var anew = server.Open();
        Assert.Null(anew.Find("one"));

        // A client that has lost its connection may be told so first.
        static string Unreached(Func<string?> call)
        {
            var message = "";
            for (var i = 0; i < 50 && !message.Contains("emptied", StringComparison.Ordinal); i++)
            {
                message = Assert.Throws<DecisionStoreException>(call).Message;
                Thread.Sleep(100);
            }
            return message;
        }
    }

    // A client that has lost its connection takes a moment to notice that the server is there again.
    private static T Again<T>(Func<T> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return call();
            }
            catch (DecisionStoreException) when (tries < 50)
            {
                Thread.Sleep(100);
            }
        }
    }
}
