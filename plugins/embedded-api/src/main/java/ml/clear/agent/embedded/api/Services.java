// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.InstantSource;

/** All services of the API, put together. */
record Services(
        Stores stores,
        Tokens tokens,
        KeyPairs keys,
        Workers workers,
        Queues queues,
        OwnFiles files,
        InstantSource steady) {

    /** The endpoints of all of them. */
    Routes routes() {
        Routes routes = new Routes();
        Lists lists = new Lists(new Scrolls(steady));
        ProjectTree tree = new ProjectTree(stores);
        TaskEditor editor = new TaskEditor(stores);
        ServerEndpoints.register(routes);
        AuthEndpoints.register(routes, tokens);
        UserEndpoints.register(routes, stores, lists);
        ProjectEndpoints.register(routes, stores, tree, lists, files);
        QueueEndpoints.register(routes, stores, queues, workers, lists);
        WorkerEndpoints.register(routes, stores, workers);
        HistoryEndpoints.register(routes, stores);
        QueueHistoryEndpoints.register(routes, stores);
        TaskEndpoints.register(routes, stores, editor, tree, lists);
        TaskStatusEndpoints.register(routes, stores);
        TaskLifeEndpoints.register(routes, stores, tree, files);
        TaskArchiveEndpoints.register(routes, stores);
        TaskQueueEndpoints.register(routes, stores, queues, workers);
        ParameterEndpoints.register(routes, stores, editor);
        TaskLinkEndpoints.register(routes, editor);
        ModelEndpoints.register(routes, stores, tree, lists);
        TaskModelEndpoints.register(routes, stores);
        MoveEndpoints.register(routes, stores, tree);
        EventEndpoints.register(routes, stores);
        EventReadEndpoints.register(routes, stores);
        EventMediaEndpoints.register(routes, stores);
        EventDeletionEndpoints.register(routes, stores);
        SampleEndpoints.register(routes, stores);
        MetricEndpoints.register(routes, stores);
        LogDownload.register(routes, stores);
        VocabularyEndpoints.register(routes, stores, tree);
        LabelEndpoints.register(routes, stores);
        PageEndpoints.register(routes, stores, keys);
        PipelineEndpoints.register(routes, stores, queues, workers);
        ReportEndpoints.register(routes, stores, editor, tree);
        ReportDataEndpoint.register(routes);
        ServingEndpoints.register(routes, stores, steady);
        return routes;
    }
}
